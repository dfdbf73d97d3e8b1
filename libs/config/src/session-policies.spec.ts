import { sessionPolicies } from './session-policies.js';

describe('session policies by role', () => {
  it('give the rules of each role', () => {
    expect(sessionPolicies.parse('admin:idle=8h,absolute=7d,grace=5s,limit=3; teacher: idle = 30m ;')).toEqual({
      admin: { idle: 8 * 3_600_000, absolute: 7 * 86_400_000, grace: 5000, limit: 3 },
      teacher: { idle: 1_800_000 },
    });
    expect(sessionPolicies.parse('')).toEqual({});
  });
});
