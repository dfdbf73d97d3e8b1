import { Database } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { StoredSigningKey } from '../signing-key.js';

@Injectable()
export class SigningKeyRepository {
  constructor(private readonly database: Database) {}

  newestFirst(): Promise<StoredSigningKey[]> {
    return this.database.query<StoredSigningKey>(
      `SELECT kid, public_jwk AS "publicJwk", sealed_private_key AS "sealedPrivateKey"
       FROM signing_keys ORDER BY created_at DESC, kid`,
    );
  }

  /** Makes the first key of an installation, once, however many instances start together. */
  async insertFirst(generate: () => Promise<StoredSigningKey>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE');
      if ((await tx.query('SELECT 1 FROM signing_keys LIMIT 1')).length > 0) return;
      const { kid, publicJwk, sealedPrivateKey } = await generate();
      await tx.query('INSERT INTO signing_keys (kid, public_jwk, sealed_private_key) VALUES ($1, $2, $3)', [
        kid,
        JSON.stringify(publicJwk),
        sealedPrivateKey,
      ]);
    });
  }
}
