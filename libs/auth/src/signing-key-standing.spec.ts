import { REVOKED_KEPT_MS, standingsOf, VALIDITY_MARGIN_MS, type SigningKeyRecord } from './signing-key-standing.js';

const NOW = 1_700_000_000_000;
const TTL_SECONDS = 600;
const LIFE_MS = TTL_SECONDS * 1000 + VALIDITY_MARGIN_MS;

/** A key that signs from `activeFrom` on, in milliseconds around now. */
function key(kid: string, activeFrom: number, changes: Partial<SigningKeyRecord> = {}): SigningKeyRecord {
  return {
    kid,
    createdAt: new Date(NOW + Math.min(activeFrom, 0)),
    activeFrom: new Date(NOW + activeFrom),
    revokedAt: null,
    tokenTtlSeconds: TTL_SECONDS,
    ...changes,
  };
}
const revoked = { revokedAt: new Date(NOW - 1) };

/** `kid: state`, with `*` for the current one and `gone` where it is. */
function summary(records: readonly SigningKeyRecord[], at = NOW): string[] {
  return standingsOf(records, new Date(at)).map(
    ({ kid, state, current, gone }) => `${kid}: ${state}${current ? '*' : ''}${gone ? ' gone' : ''}`,
  );
}

describe('where signing keys stand', () => {
  it('an only key signs, without an end', () => {
    expect(summary([key('a', -1)])).toEqual(['a: active*']);
    expect(standingsOf([key('a', -1)], new Date(NOW))[0]?.validUntil).toBeNull();
  });

  it('a new key signs when its time comes, to the millisecond, and not before', () => {
    const keys = [key('a', -1000), key('b', 5000)];
    expect(summary(keys)).toEqual(['b: active', 'a: active*']);
    expect(summary(keys, NOW + 4999)).toEqual(['b: active', 'a: active*']);
    expect(summary(keys, NOW + 5000)).toEqual(['b: active*', 'a: retiring']);
  });

  it('the old key stays until the last token it can have signed has expired, with a margin', () => {
    const keys = [key('a', -1000), key('b', 5000)];
    const end = NOW + 5000 + LIFE_MS;
    expect(standingsOf(keys, new Date(NOW)).find(({ kid }) => kid === 'a')?.validUntil).toEqual(new Date(end));
    expect(summary(keys, end - 1)).toEqual(['b: active*', 'a: retiring']);
    expect(summary(keys, end)).toEqual(['b: active*', 'a: retiring gone']);
  });

  it('a key outlives the longest tokens it signed, whatever the others sign', () => {
    const keys = [key('a', -1000, { tokenTtlSeconds: 86_400 }), key('b', 0)];
    expect(summary(keys, NOW + LIFE_MS)).toEqual(['b: active*', 'a: retiring']);
    expect(summary(keys, NOW + 86_400_000 + VALIDITY_MARGIN_MS)).toEqual(['b: active*', 'a: retiring gone']);
  });

  it('several rotations within the life of a token leave several keys in force', () => {
    const keys = [key('a', -3000), key('b', -2000), key('c', -1000)];
    expect(summary(keys)).toEqual(['c: active*', 'b: retiring', 'a: retiring']);
    expect(summary(keys, NOW - 2000 + LIFE_MS)).toEqual(['c: active*', 'b: retiring', 'a: retiring gone']);
  });

  it('a revoked key is out of the line: its predecessor serves until the next', () => {
    expect(summary([key('a', -2000), key('b', 1000, revoked)])).toEqual(['b: revoked', 'a: active*']);
    const [, , first] = standingsOf([key('a', -9000), key('b', -5000, revoked), key('c', 0)], new Date(NOW));
    expect(first).toMatchObject({ kid: 'a', state: 'retiring', validUntil: new Date(NOW + LIFE_MS) });
  });

  it('a revoked key is kept for a month for those who look', () => {
    const keys = [key('a', -1000, { revokedAt: new Date(NOW) }), key('b', 0)];
    expect(summary(keys, NOW + REVOKED_KEPT_MS - 1)).toContain('a: revoked');
    expect(summary(keys, NOW + REVOKED_KEPT_MS)).toContain('a: revoked gone');
  });

  it('one key always signs, even when the clock of the database was set back', () => {
    expect(summary([key('a', 1000), key('b', 2000)])).toEqual(['b: active', 'a: active*']);
  });

  it('the order is the same everywhere, also for keys of one moment', () => {
    const keys = [key('a', 0), key('b', 0), key('c', 0)];
    for (const order of [keys, keys.toReversed(), [keys[1], keys[2], keys[0]] as SigningKeyRecord[]]) {
      expect(summary(order)).toEqual(['c: active*', 'b: retiring', 'a: retiring']);
    }
  });

  it('of no keys there is nothing to say', () => {
    expect(summary([])).toEqual([]);
  });
});
