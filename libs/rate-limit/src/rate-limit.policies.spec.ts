import { GroupPolicy, type RateLimitPolicies } from './rate-limit.policies.js';

const bucket = (tokensPerSecond: number) => ({ tokensPerSecond, burst: 10 });
const POLICIES: RateLimitPolicies = {
  requests: bucket(5),
  groups: { answers: bucket(3) },
  callers: { anonymous: bucket(1), teacher: bucket(7), admin: bucket(2) },
};
const rateOf = (group: string, roles?: readonly ('learner' | 'teacher' | 'admin')[]) =>
  new GroupPolicy(group, POLICIES).bucketOf(roles && { roles }).tokensPerSecond;

describe('the policy of a group of routes', () => {
  it.each([
    [undefined, 1],
    [['learner'] as const, 5],
    [['teacher'] as const, 7],
    [['admin'] as const, 2],
    [['admin', 'learner'] as const, 5],
    [['admin', 'teacher'] as const, 7],
  ])('gives %j a rate of %d where nothing is said of the group', (roles, rate) => {
    expect(rateOf('default', roles)).toBe(rate);
    expect(rateOf('toString', roles)).toBe(rate);
  });

  it('gives everybody the same where something is', () => {
    for (const roles of [undefined, ['admin'] as const, ['learner'] as const]) expect(rateOf('answers', roles)).toBe(3);
  });

  it('says its size and how long it takes to refill', () => {
    const { described } = new GroupPolicy('answers', POLICIES).bucketOf(undefined);
    expect(described).toBe('"answers";q=10;w=4');
  });
});
