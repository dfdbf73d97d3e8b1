import { policyFor, type SessionPolicies } from './session-policy.js';

const everyone = { idleTtlMs: 1000, absoluteTtlMs: 5000, graceMs: 30, sessionLimit: 20 };
const policies: SessionPolicies = {
  everyone,
  byRole: { admin: { idleTtlMs: 100, sessionLimit: 50 }, teacher: { absoluteTtlMs: 9000 } },
};

describe('the policy for somebody', () => {
  it('without a role of their own is the one for everyone', () => {
    expect(policyFor(['learner'], policies)).toEqual(everyone);
    expect(policyFor([], policies)).toEqual(everyone);
  });

  it('takes from the role what it says, shorter or longer, and the rest from everyone', () => {
    expect(policyFor(['teacher'], policies)).toEqual({ ...everyone, absoluteTtlMs: 9000 });
    expect(policyFor(['admin'], policies)).toEqual({ ...everyone, idleTtlMs: 100, sessionLimit: 50 });
  });

  it('with several roles takes the strictest of each value', () => {
    const both = { idleTtlMs: 100, absoluteTtlMs: 5000, graceMs: 30, sessionLimit: 20 };
    expect(policyFor(['teacher', 'admin'], policies)).toEqual(both);
    expect(policyFor(['admin', 'teacher'], policies)).toEqual(both);
  });
});
