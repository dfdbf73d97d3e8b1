import { z } from 'zod';

/** An error as RFC 9457 problem details. `code` is stable; `title` is for people. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .catchall(z.unknown())
  .meta({
    id: 'Problem',
    example: {
      type: 'urn:mockingbird:error:session.not_found',
      title: 'There is no such session.',
      status: 404,
      code: 'session.not_found',
      requestId: '4b4f1a52-6c8e-4f2e-8a51-0c8d6c1f9a10',
    },
  });

export type Problem = z.output<typeof problemSchema>;
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
