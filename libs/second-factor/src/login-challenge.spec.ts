import { CHALLENGE_LIFE_MS, LoginChallenges } from './login-challenge.js';

const clock = { now: () => nowMs, steadyMs: () => nowMs };
let nowMs = 0;
const of = (secret: string) => new LoginChallenges(clock, { secret });
const challenges = of('a secret of at least thirty-two letters');
const readAt = (time: number, token: string) => {
  nowMs = time;
  return challenges.read(token);
};
const issueAt = (time: number, challenge = CHALLENGE) => {
  nowMs = time;
  return challenges.issue(challenge);
};
const CHALLENGE = { userId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80', epoch: 3, markerId: 'abc' };

describe('a login challenge', () => {
  it('gives back what it was issued for, for five minutes, and does not show it', () => {
    const token = issueAt(1000);
    expect(readAt(1000 + CHALLENGE_LIFE_MS - 1, token)).toEqual(CHALLENGE);
    expect(readAt(1000 + CHALLENGE_LIFE_MS, token)).toBeUndefined();
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('userId');
    const { userId, epoch } = CHALLENGE;
    nowMs = 0;
    const bare = challenges.issue({ userId, epoch, markerId: undefined });
    expect(challenges.read(bare)).toEqual({ userId, epoch, markerId: undefined });
  });

  it('is nothing under another secret, or when changed', () => {
    const token = issueAt(0);
    expect(of('another secret of thirty-two letters').read(token)).toBeUndefined();
    const changed = Buffer.from(token, 'base64url');
    changed[20] = (changed[20] ?? 0) ^ 1;
    for (const wrong of ['', 'x', token.slice(0, 30), changed.toString('base64url')]) {
      expect(challenges.read(wrong)).toBeUndefined();
    }
  });
});
