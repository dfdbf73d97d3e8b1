import { Database, type Queryable, type Transaction } from '@app/database';
import { newId } from '@app/http';
import { Injectable } from '@nestjs/common';
import type { NewUser, User, UserWithPassword } from '../user.js';

export const USER_COLUMNS = `id, email, display_name AS "displayName", roles, status, auth_epoch AS "authEpoch",
  email_verified_at AS "emailVerifiedAt", created_at AS "createdAt"`;

@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work);
  }

  /** Undefined when the address is taken. */
  async insert(tx: Queryable, { emailVerified = false, demo = false, ...user }: NewUser): Promise<User | undefined> {
    const { email, displayName, passwordHash, roles } = user;
    const [created] = await tx.query<User>(
      `INSERT INTO users (id, email, display_name, password_hash, roles, demo, email_verified_at)
       VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END)
       ON CONFLICT ON CONSTRAINT users_email_unique DO NOTHING RETURNING ${USER_COLUMNS}`,
      [newId(), email, displayName, passwordHash, roles, demo, emailVerified],
    );
    return created;
  }

  async findById(id: string): Promise<User | undefined> {
    const [user] = await this.database.query<User>(`SELECT ${USER_COLUMNS} FROM users WHERE id = $1`, [id]);
    return user;
  }

  async findByEmail(email: string): Promise<UserWithPassword | undefined> {
    const [user] = await this.database.query<UserWithPassword>(
      `SELECT ${USER_COLUMNS}, password_hash AS "passwordHash" FROM users WHERE email = $1`,
      [email],
    );
    return user;
  }

  async rename(id: string, displayName: string): Promise<User | undefined> {
    const [user] = await this.database.query<User>(
      `UPDATE users SET display_name = $2 WHERE id = $1 RETURNING ${USER_COLUMNS}`,
      [id, displayName],
    );
    return user;
  }

  /** Gives the demo accounts back after they were turned off. */
  async enableDemoAccounts(): Promise<void> {
    await this.database.query(`UPDATE users SET status = 'active' WHERE demo AND status = 'disabled'`);
  }
}
