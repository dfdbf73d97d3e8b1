/** A key without its parts; times are the database's, so that no two instances differ about them. */
export interface SigningKeyRecord {
  readonly kid: string;
  readonly createdAt: Date;
  /** Signs from then on, unless a later key does. */
  readonly activeFrom: Date;
  readonly revokedAt: Date | null;
  /** Longest life of a token that any instance may have signed with it. */
  readonly tokenTtlSeconds: number;
}

export type SigningKeyState = 'active' | 'retiring' | 'revoked';

/** Where a key stands at a moment. */
export interface SigningKeyStanding {
  readonly kid: string;
  readonly createdAt: Date;
  readonly activeFrom: Date;
  readonly revokedAt: Date | null;
  /** `active`: signs, or will; `retiring`: tokens it signed are still good. */
  readonly state: SigningKeyState;
  /** Signs now. One key does, as long as one is not revoked. */
  readonly current: boolean;
  /** When the last token it signs has expired; null while no successor is known. */
  readonly validUntil: Date | null;
  /** Nothing needs it any more: no token of it is good, and nobody asks why. */
  readonly gone: boolean;
}

/**
 * How long a key outlives the last token it can have signed: five seconds' leeway, clocks that differ, and instances
 * that learn late that another key signs.
 */
export const VALIDITY_MARGIN_MS = 60_000;
/** How long a revoked key, without its private part, stays on the list. */
export const REVOKED_KEPT_MS = 30 * 24 * 3_600_000;

/** Newest first. A pure function of the table and the time: nothing has to be written when a key begins or ends. */
export function standingsOf(records: readonly SigningKeyRecord[], now: Date): SigningKeyStanding[] {
  const trusted = records.filter(({ revokedAt }) => revokedAt === null).toSorted(inOrderOfSigning);
  // A database whose clock was set back may find none active: then the first to come signs already.
  const current = Math.max(
    0,
    trusted.findLastIndex(({ activeFrom }) => activeFrom <= now),
  );
  const inForce = trusted.map(({ kid, createdAt, activeFrom, revokedAt, tokenTtlSeconds }, index) => {
    const until = trusted[index + 1]?.activeFrom;
    const validUntil =
      until === undefined ? null : new Date(until.getTime() + tokenTtlSeconds * 1000 + VALIDITY_MARGIN_MS);
    const state: SigningKeyState = index < current ? 'retiring' : 'active';
    const gone = state === 'retiring' && validUntil !== null && validUntil <= now;
    return { kid, createdAt, activeFrom, revokedAt, state, current: index === current, validUntil, gone };
  });
  const revoked = records.flatMap(({ kid, createdAt, activeFrom, revokedAt }) => {
    if (revokedAt === null) return [];
    const gone = now.getTime() - revokedAt.getTime() >= REVOKED_KEPT_MS;
    const state: SigningKeyState = 'revoked';
    return [{ kid, createdAt, activeFrom, revokedAt, state, current: false, validUntil: null, gone }];
  });
  return [...inForce, ...revoked].toSorted(inOrderOfSigning).toReversed();
}

type Ordered = Pick<SigningKeyRecord, 'kid' | 'createdAt' | 'activeFrom'>;

function inOrderOfSigning(one: Ordered, other: Ordered): number {
  return (
    one.activeFrom.getTime() - other.activeFrom.getTime() ||
    one.createdAt.getTime() - other.createdAt.getTime() ||
    (one.kid < other.kid ? -1 : 1)
  );
}
