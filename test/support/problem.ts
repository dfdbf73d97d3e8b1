import type { Response } from 'supertest';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Asserts that a response is RFC 9457 problem details as the product promises them, and gives the document. */
export function expectProblem(response: Response, status: number, code: string): Record<string, unknown> {
  const text = response.text ?? '';
  expect({ status: response.status, type: response.headers['content-type'], text }).toEqual({
    status,
    type: expect.stringMatching(/^application\/problem\+json/),
    text: expect.stringContaining(`"code":"${code}"`),
  });
  const problem = JSON.parse(text) as Record<string, unknown>;
  expect(problem).toMatchObject({
    type: `urn:mockingbird:error:${code}`,
    title: expect.stringMatching(/\S/),
    status,
    code,
    requestId: expect.stringMatching(UUID),
  });
  expect(response.headers['x-request-id']).toBe(problem['requestId']);
  expect(response.headers['cache-control']).toBe('no-store');
  expect(text).not.toMatch(/node_modules|at .+\.[jt]s:\d/);
  return problem;
}
