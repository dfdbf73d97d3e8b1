import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { RefreshTokens } from './refresh-token.js';

const tokens = new RefreshTokens({ secret: 'a secret of this installation, long enough' });
const salt = randomBytes(16);
const sessionId = randomUUID();

/** What rotation asks of a token before it believes it. */
function accepts(token: string, { by = tokens, withSalt = salt } = {}): boolean {
  const parts = by.parse(token);
  return parts !== undefined && by.isAuthentic(parts, withSalt);
}

describe('RefreshTokens', () => {
  const token = tokens.derive(sessionId, 7, salt);

  it('reads back what it derived', () => {
    expect(tokens.parse(token)).toMatchObject({ sessionId, generation: 7 });
    expect(accepts(token)).toBe(true);
  });

  it('derives the same token again, so that a lost reply can be repeated', () => {
    expect(new RefreshTokens({ secret: 'a secret of this installation, long enough' }).derive(sessionId, 7, salt)).toBe(
      token,
    );
  });

  it('keeps every session and generation, to the largest', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 0xff_ff_ff_ff }), (id, generation) => {
        const derived = tokens.derive(id, generation, salt);
        expect(tokens.parse(derived)).toMatchObject({ sessionId: id, generation });
        expect(accepts(derived)).toBe(true);
      }),
    );
  });

  it('refuses a token with any one character changed, whichever it is changed to', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. ';
    const accepted = Array.from(token).flatMap((original, index) =>
      Array.from(alphabet)
        .filter((other) => other !== original)
        .map((other) => token.slice(0, index) + other + token.slice(index + 1))
        .filter((tampered) => accepts(tampered)),
    );
    expect(accepted).toEqual([]);
  });

  it('refuses a token with characters added or missing', () => {
    const others = [
      `${token}=`,
      `${token}A`,
      ` ${token}`,
      `${token}\n`,
      token.slice(0, -1),
      token.slice(1),
      '',
      'rt1.0.',
    ];
    expect(others.filter((other) => accepts(other))).toEqual([]);
    expect(accepts(`${token.slice(0, 20)}!${token.slice(20)}`)).toBe(false);
  });

  it('refuses the token of another generation, session, salt or secret', () => {
    const other = new RefreshTokens({ secret: 'a secret of another installation' });
    const forged = tokens.parse(tokens.derive(sessionId, 8, salt));
    expect(tokens.isAuthentic({ ...forged!, generation: 7 }, salt)).toBe(false);
    expect(tokens.isAuthentic({ ...forged!, sessionId: randomUUID() }, salt)).toBe(false);
    expect(accepts(token, { withSalt: randomBytes(16) })).toBe(false);
    expect(accepts(token, { by: other })).toBe(false);
  });
});
