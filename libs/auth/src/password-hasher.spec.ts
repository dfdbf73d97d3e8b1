import { UnavailableError } from '@app/errors';
import { jest } from '@jest/globals';

const real = await import('@node-rs/argon2');
type Work = Pick<typeof real, 'hash' | 'verify'>;
let work: Work = real;
jest.unstable_mockModule('@node-rs/argon2', () => ({
  hash: (...args: Parameters<Work['hash']>) => work.hash(...args),
  verify: (...args: Parameters<Work['verify']>) => work.verify(...args),
}));
const { CONCURRENCY, PasswordHasher, QUEUE } = await import('./password-hasher.js');
const hasher = new PasswordHasher();

afterEach(() => {
  work = real;
});

describe('PasswordHasher', () => {
  it('matches the password that was hashed, and no other', async () => {
    const stored = await hasher.hash('plum-kettle-94');
    expect(await hasher.matches('plum-kettle-94', stored)).toBe(true);
    expect(await hasher.matches('plum-kettle-95', stored)).toBe(false);
  });

  it('stores argon2id with the documented cost, salted', async () => {
    const [one, two] = await Promise.all([hasher.hash('plum-kettle-94'), hasher.hash('plum-kettle-94')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('takes one password typed on two keyboards for one', async () => {
    const stored = await hasher.hash('caf\u00e9-and-tea-94');
    expect(await hasher.matches('cafe\u0301-and-tea-94', stored)).toBe(true);
  });

  it('never matches an account that does not exist, not even with the decoy password', async () => {
    expect(await hasher.matches('plum-kettle-94', undefined)).toBe(false);
    expect(await hasher.matches('no account has this password', undefined)).toBe(false);
  });

  it('verifies a hash for an account that does not exist too, so that the work is the same', async () => {
    const verified: string[] = [];
    work = {
      hash: async () => 'the decoy',
      verify: async (target) => {
        verified.push(String(target));
        return true;
      },
    };
    const watched = new PasswordHasher();
    expect(await watched.matches('guess', undefined)).toBe(false);
    expect(await watched.matches('guess', 'stored')).toBe(true);
    expect(verified).toEqual(['the decoy', 'stored']);
  });

  it('refuses with 503 what its queue does not hold, and goes on afterwards, for unknown accounts too', async () => {
    const open: (() => void)[] = [];
    work = {
      hash: () => new Promise((resolve) => open.push(() => resolve('a hash'))),
      verify: async () => true,
    };
    const busy = new PasswordHasher();
    const waiting = Array.from({ length: CONCURRENCY + QUEUE }, () => busy.hash('p'));
    expect(open).toHaveLength(CONCURRENCY);
    await expect(busy.hash('p')).rejects.toBeInstanceOf(UnavailableError);
    await expect(busy.matches('p', undefined)).rejects.toBeInstanceOf(UnavailableError);
    work = { ...work, hash: async () => 'a hash' };
    while (open.length > 0) {
      for (const finish of open.splice(0)) finish();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await Promise.all(waiting)).toHaveLength(CONCURRENCY + QUEUE);
    expect(await busy.matches('p', undefined)).toBe(false);
  });
});
