import { Secret } from 'otpauth';
import { newTotpSecret, stepOfCode, totpUri } from './totp.js';

/** Appendix B of RFC 6238, for SHA-1, of which the last six of eight digits are ours. */
const RFC_SECRET = Secret.fromUTF8('12345678901234567890').base32;
const RFC_VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

describe('time-based codes', () => {
  it.each(RFC_VECTORS)('at %i s is the one of RFC 6238', (seconds, code) => {
    expect(stepOfCode(RFC_SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('may be typed in groups, as apps show them', () => {
    expect(stepOfCode(RFC_SECRET, ' 287 082', 59_000)).toBe(1);
  });

  it('are good a step early and late, and no further', () => {
    const times = [-2, -1, 0, 1, 2].map((steps) => (1_234_567_890 + steps * 30) * 1000);
    expect(times.map((nowMs) => stepOfCode(RFC_SECRET, '005924', nowMs))).toEqual([
      undefined,
      41_152_263,
      41_152_263,
      41_152_263,
      undefined,
    ]);
  });

  it.each(['', '05924', '0005924', '00592x', '005925'])('are not %j', (code) => {
    expect(stepOfCode(RFC_SECRET, code, 1_234_567_890_000)).toBeUndefined();
  });

  it('have secrets of 160 bits, each its own, and a URI that apps can read', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    const uri = new URL(totpUri(secret, 'mei tanaka@example.com', 'Riverside School'));
    expect(`${uri.protocol}//${uri.host}`).toBe('otpauth://totp');
    expect(decodeURIComponent(uri.pathname)).toBe('/Riverside School:mei tanaka@example.com');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Riverside School',
      secret,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});
