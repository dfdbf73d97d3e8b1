import { z } from 'zod';

export const PROBLEM_EXAMPLE = {
  type: 'urn:mockingbird:error:session.not_found',
  title: 'There is no such session.',
  status: 404,
  code: 'session.not_found',
  requestId: '4b4f1a52-6c8e-4f2e-8a51-0c8d6c1f9a10',
};

/** An error as RFC 9457 problem details. `code` is stable; `title` is for people. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:mockingbird:error:` and the code.'),
    title: z.string().describe('For people.'),
    status: z.int().describe('The HTTP status.'),
    code: z.string().describe('Stable: decide by this.'),
    requestId: z.string().describe('Names the request in the logs.'),
    errors: z
      .array(z.object({ path: z.string().describe('Dotted, empty for the whole.'), message: z.string() }))
      .optional()
      .describe('Rejected members.'),
  })
  .catchall(z.unknown())
  .meta({
    id: 'Problem',
    example: PROBLEM_EXAMPLE,
  });

export type Problem = z.output<typeof problemSchema>;
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
