import { Database, type Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';
import { standingsOf, type SigningKeyRecord, type SigningKeyStanding } from '../signing-key-standing.js';
import type { StoredSigningKey } from '../signing-key.js';
import { SigningKeyChanges } from './signing-key-changes.js';

type Row = SigningKeyRecord & { readonly readAt: Date };

@Injectable()
export class SigningKeyRepository {
  constructor(private readonly database: Database) {}

  /** Every key, newest first. */
  all(): Promise<SigningKeyStanding[]> {
    return standingsIn(this.database);
  }

  /** Those whose tokens are good, newest first. Asked for several times a second by every instance. */
  async trusted(): Promise<SigningKeyStanding[]> {
    return (await standingsIn(this.database, 'WHERE revoked_at IS NULL')).filter(({ gone }) => !gone);
  }

  /** The parts of keys; those revoked in the meantime are left out. */
  load(kids: readonly string[]): Promise<StoredSigningKey[]> {
    return this.database.query<StoredSigningKey>(
      `SELECT kid, public_jwk AS "publicJwk", sealed_private_key AS "sealedPrivateKey"
       FROM signing_keys WHERE kid = ANY($1) AND revoked_at IS NULL`,
      [kids],
    );
  }

  /** Changes keys while nobody else does. Readers go on reading, and see all of the change or nothing. */
  change<Result>(work: (keys: SigningKeyChanges) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE');
      return work(new SigningKeyChanges(tx, () => standingsIn(tx)));
    });
  }
}

async function standingsIn(target: Queryable, where = ''): Promise<SigningKeyStanding[]> {
  const rows = await target.query<Row>(
    `SELECT kid, created_at AS "createdAt", active_from AS "activeFrom", revoked_at AS "revokedAt",
       token_ttl_seconds AS "tokenTtlSeconds", clock_timestamp() AS "readAt"
     FROM signing_keys ${where}`,
  );
  return standingsOf(rows, rows[0]?.readAt ?? new Date(0));
}
