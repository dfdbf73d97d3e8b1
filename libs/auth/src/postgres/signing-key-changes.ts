import type { Queryable } from '@app/database';
import type { SigningKeyStanding } from '../signing-key-standing.js';
import type { StoredSigningKey } from '../signing-key.js';

/** The signing keys inside a transaction that has them to itself. Times are taken after the lock, so they never go back. */
export class SigningKeyChanges {
  constructor(
    private readonly tx: Queryable,
    /** Newest first, as they stand after the changes so far. */
    readonly standings: () => Promise<SigningKeyStanding[]>,
  ) {}

  async add({ kid, publicJwk, sealedPrivateKey }: StoredSigningKey, activeInMs: number): Promise<void> {
    await this.tx.query(
      `INSERT INTO signing_keys (kid, public_jwk, sealed_private_key, created_at, active_from, token_ttl_seconds)
       VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp() + $4 * interval '1 ms',
         (SELECT COALESCE(max(token_ttl_seconds), 0) FROM signing_keys))`,
      [kid, JSON.stringify(publicJwk), sealedPrivateKey, activeInMs],
    );
  }

  /** Says that tokens may live this long from now on, whichever key signs them. */
  async allowTokenTtl(seconds: number): Promise<void> {
    await this.tx.query('UPDATE signing_keys SET token_ttl_seconds = $1 WHERE token_ttl_seconds < $1', [seconds]);
  }

  /** Ends a key and destroys its private part. */
  async revoke(kid: string): Promise<void> {
    await this.tx.query(
      `UPDATE signing_keys SET revoked_at = clock_timestamp(), sealed_private_key = '' WHERE kid = $1`,
      [kid],
    );
  }

  async activateNow(kid: string): Promise<void> {
    await this.tx.query('UPDATE signing_keys SET active_from = clock_timestamp() WHERE kid = $1', [kid]);
  }

  async removeGone(): Promise<void> {
    const gone = (await this.standings()).flatMap(({ kid, gone: isGone }) => (isGone ? [kid] : []));
    if (gone.length > 0) await this.tx.query('DELETE FROM signing_keys WHERE kid = ANY($1)', [gone]);
  }
}
