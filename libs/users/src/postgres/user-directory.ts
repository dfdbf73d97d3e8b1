import { Database, type Queryable } from '@app/database';
import type { Role } from '@app/http';
import { Injectable } from '@nestjs/common';
import { USER_COLUMNS } from './user.repository.js';
import type { User } from '../user.js';

export interface UserFilter {
  /** How address or name begin, in lower case. */
  readonly startsWith?: string | undefined;
  readonly role?: Role | undefined;
  readonly status?: User['status'] | undefined;
}

/** One at a time, so that of two admins who go at once one stays. */
const ADMINS_LOCK = 7_240_119;

/** All accounts, for those who run the installation. Changes are part of the transaction that they are given. */
@Injectable()
export class UserDirectory {
  constructor(private readonly database: Database) {}

  /** The newest first, those after `after` of the page before. */
  list({ startsWith, role, status }: UserFilter, limit: number, after: string | undefined): Promise<User[]> {
    return this.database.query<User>(
      `SELECT ${USER_COLUMNS} FROM users
       WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR $2 = ANY (roles)) AND ($3::text IS NULL OR status = $3)
         AND ($4::text IS NULL OR starts_with(email, $4) OR starts_with(lower(display_name), $4))
       ORDER BY id DESC LIMIT $5`,
      [after ?? null, role ?? null, status ?? null, startsWith ?? null, limit],
    );
  }

  /** False when it had the status already, or there is no such account. */
  async setStatus(tx: Queryable, userId: string, status: User['status']): Promise<boolean> {
    const rows = await tx.query('UPDATE users SET status = $2 WHERE id = $1 AND status <> $2 RETURNING id', [
      userId,
      status,
    ]);
    return rows.length > 0;
  }

  /** With everything that belongs to the account alone. False when it is gone already. */
  async remove(tx: Queryable, userId: string): Promise<boolean> {
    const rows = await tx.query('DELETE FROM users WHERE id = $1 RETURNING id', [userId]);
    return rows.length > 0;
  }

  /** Whether an active admin is left without this one; nobody else can ask until the transaction has ended. */
  async hasOtherAdmin(tx: Queryable, userId: string): Promise<boolean> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [ADMINS_LOCK]);
    const rows = await tx.query(
      `SELECT 1 FROM users WHERE 'admin' = ANY (roles) AND status = 'active' AND id <> $1 LIMIT 1`,
      [userId],
    );
    return rows.length > 0;
  }

  async activeDemoAccounts(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM users WHERE demo AND status = 'active' ORDER BY id`,
    );
    return rows.map(({ id }) => id);
  }
}
