import { rateLimitPolicies } from './rate-limit-policies.js';

describe('rate limits by caller and group of routes', () => {
  it('give the bucket of each', () => {
    expect(rateLimitPolicies.parse('anonymous:requests=5,burst=50; answers: requests = 0.5, burst=100 ;')).toEqual({
      callers: { anonymous: { tokensPerSecond: 5, burst: 50 } },
      groups: { answers: { tokensPerSecond: 0.5, burst: 100 } },
    });
    expect(rateLimitPolicies.parse('')).toEqual({ callers: {}, groups: {} });
  });

  it.each([
    'answers',
    'answers:requests=5',
    'answers:burst=5',
    'nobody:requests=5,burst=50',
    'answers:requests=0,burst=50',
    'answers:requests=5,burst=0',
    'answers:requests=5,burst=5;answers:requests=5,burst=5',
    'answers:requests=5,burst=5,requests=6',
  ])('refuse %s', (text) => expect(rateLimitPolicies.safeParse(text).success).toBe(false));
});
