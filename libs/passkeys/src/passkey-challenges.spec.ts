import { CHALLENGE_LIFE_MS, PasskeyChallenges } from './passkey-challenges.js';

let nowMs = 0;
const clock = { now: () => nowMs, steadyMs: () => nowMs };
const challenges = new PasskeyChallenges(clock, { secret: 'a secret of at least thirty-two letters' });
const issued = (...args: Parameters<typeof challenges.issue>) => {
  nowMs = 1_700_000_000_000;
  return Buffer.from(challenges.issue(...args)).toString('base64url');
};

describe('a passkey challenge', () => {
  it('is good for five minutes, for what it was issued', () => {
    const challenge = issued('login');
    expect(challenges.isGood('login', challenge)).toBe(true);
    nowMs += CHALLENGE_LIFE_MS - 1;
    expect(challenges.isGood('login', challenge)).toBe(true);
    nowMs += 1;
    expect(challenges.isGood('login', challenge)).toBe(false);
  });

  it('to add one is for its account, and not to log in', () => {
    const challenge = issued({ addTo: 'mei' });
    expect(challenges.isGood({ addTo: 'mei' }, challenge)).toBe(true);
    expect(challenges.isGood({ addTo: 'kai' }, challenge)).toBe(false);
    expect(challenges.isGood('login', challenge)).toBe(false);
    expect(challenges.isGood({ addTo: 'mei' }, issued('login'))).toBe(false);
  });

  it('is not one of another secret, nor changed in any byte, nor nothing', () => {
    const challenge = issued('login');
    const others = new PasskeyChallenges(clock, { secret: 'another secret of thirty-two letters' });
    expect(others.isGood('login', challenge)).toBe(false);
    const bytes = Buffer.from(challenge, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (bytes[index] ?? 0) ^ 1;
      expect(challenges.isGood('login', changed.toString('base64url'))).toBe(false);
    }
    for (const wrong of ['', 'AAAA', '💥']) expect(challenges.isGood('login', wrong)).toBe(false);
  });
});
