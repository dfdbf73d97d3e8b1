import { Database, type Queryable, type Transaction } from '@app/database';
import { newId } from '@app/http';
import { Injectable } from '@nestjs/common';
import type { NewPasskey, Passkey } from '../passkey.js';

const COLUMNS = `id, user_id AS "userId", credential_id AS "credentialId", public_key AS "publicKey", transports, name,
  synced, created_at AS "createdAt", last_used_at AS "lastUsedAt"`;

@Injectable()
export class PasskeyRepository {
  constructor(private readonly database: Database) {}

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work);
  }

  /** Oldest first. */
  ofUser(userId: string): Promise<Passkey[]> {
    return this.database.query(`SELECT ${COLUMNS} FROM passkeys WHERE user_id = $1 ORDER BY created_at, id`, [userId]);
  }

  async findByCredential(credentialId: string): Promise<Passkey | undefined> {
    const [passkey] = await this.database.query<Passkey>(`SELECT ${COLUMNS} FROM passkeys WHERE credential_id = $1`, [
      credentialId,
    ]);
    return passkey;
  }

  /** The number a user has, while nobody else adds one. */
  async lockAndCount(tx: Queryable, userId: string): Promise<number> {
    await tx.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [userId]);
    const [row] = await tx.query<{ number: number }>(
      'SELECT count(*)::int AS number FROM passkeys WHERE user_id = $1',
      [userId],
    );
    return row?.number ?? 0;
  }

  /** Undefined when the credential was added before, by anybody. */
  async insert(tx: Queryable, passkey: NewPasskey): Promise<Passkey | undefined> {
    const { userId, credentialId, publicKey, counter, transports, name, synced } = passkey;
    const [added] = await tx.query<Passkey>(
      `INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, transports, name, synced)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (credential_id) DO NOTHING RETURNING ${COLUMNS}`,
      [newId(), userId, credentialId, Buffer.from(publicKey), counter, [...transports], name, synced],
    );
    return added;
  }

  /**
   * Notes a use. False when the authenticator's counter did not rise, as a copy's would not; many count nothing, and
   * always say 0 (WebAuthn, section 6.1.1).
   */
  async use(id: string, counter: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE passkeys SET counter = $2, last_used_at = now()
       WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING id`,
      [id, counter],
    );
    return rows.length > 0;
  }

  async rename(userId: string, id: string, name: string): Promise<Passkey | undefined> {
    const [passkey] = await this.database.query<Passkey>(
      `UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`,
      [id, userId, name],
    );
    return passkey;
  }

  async remove(tx: Queryable, userId: string, id: string): Promise<boolean> {
    const rows = await tx.query('DELETE FROM passkeys WHERE id = $1 AND user_id = $2 RETURNING id', [id, userId]);
    return rows.length > 0;
  }
}
