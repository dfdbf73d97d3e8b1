import { Database, type Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';

/** What proves that somebody is the account's owner. Changes are part of the transaction that they are given. */
@Injectable()
export class UserCredentials {
  constructor(private readonly database: Database) {}

  async passwordHashOf(userId: string): Promise<string | undefined> {
    const [user] = await this.database.query<{ hash: string }>(
      'SELECT password_hash AS hash FROM users WHERE id = $1',
      [userId],
    );
    return user?.hash;
  }

  /** False for an account that may not log in, or whose hash is not `replaced` (any, unless given). */
  async setPasswordHash(tx: Queryable, userId: string, hash: string, replaced?: string): Promise<boolean> {
    const changed = await tx.query(
      `UPDATE users SET password_hash = $2 WHERE id = $1 AND status = 'active'
         AND ($3::text IS NULL OR password_hash = $3) RETURNING id`,
      [userId, hash, replaced],
    );
    return changed.length > 0;
  }

  /** True when the address was not verified until now. */
  async markEmailVerified(tx: Queryable, userId: string): Promise<boolean> {
    const changed = await tx.query(
      'UPDATE users SET email_verified_at = now() WHERE id = $1 AND email_verified_at IS NULL RETURNING id',
      [userId],
    );
    return changed.length > 0;
  }
}
