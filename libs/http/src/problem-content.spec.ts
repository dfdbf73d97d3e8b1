import { problemContent } from './problem-content.js';

const examplesOf = (status: number, description: string) =>
  problemContent(status, description)['application/problem+json'].examples;

describe('the content of an error response', () => {
  it('has an example for every code the description names', () => {
    const examples = examplesOf(401, '`auth.token_missing` or `auth.token_invalid`: log in again.');
    expect(examples).toMatchObject({
      'auth.token_missing': { value: { status: 401, code: 'auth.token_missing', title: 'Auth: token missing.' } },
      'auth.token_invalid': { value: { status: 401, code: 'auth.token_invalid', title: 'Log in again.' } },
    });
  });

  it('shows rejected members where a request is invalid', () => {
    expect(examplesOf(400, '`request.invalid`')['request.invalid']).toMatchObject({ value: { errors: [{}] } });
  });
});
