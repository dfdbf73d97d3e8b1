import { Database, type Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';
import { hashOfToken, newOneTimeToken, type OneTimeTokenKind } from '../one-time-token.js';

@Injectable()
export class OneTimeTokenRepository {
  constructor(private readonly database: Database) {}

  /** Gives a new token; earlier ones stay valid, since people open the first letter as well as the last. */
  async issue(kind: OneTimeTokenKind, userId: string, ttlMs: number): Promise<string> {
    const token = newOneTimeToken();
    await this.database.query(
      `INSERT INTO one_time_tokens (hash, kind, user_id, until) VALUES ($1, $2, $3, now() + $4 * interval '1 ms')`,
      [hashOfToken(token), kind, userId, ttlMs],
    );
    return token;
  }

  /** Whose it is, if it could be consumed now. */
  async ownerOf(kind: OneTimeTokenKind, token: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ userId: string }>(
      'SELECT user_id AS "userId" FROM one_time_tokens WHERE hash = $1 AND kind = $2 AND until > now()',
      [hashOfToken(token), kind],
    );
    return row?.userId;
  }

  /** Gives the owner to exactly one caller; undefined for a token that is wrong, too old, or used. */
  async consume(tx: Queryable, kind: OneTimeTokenKind, token: string): Promise<string | undefined> {
    const [row] = await tx.query<{ userId: string; current: boolean }>(
      'DELETE FROM one_time_tokens WHERE hash = $1 AND kind = $2 RETURNING user_id AS "userId", until > now() AS current',
      [hashOfToken(token), kind],
    );
    return row?.current === true ? row.userId : undefined;
  }

  /** Makes all tokens of the kind that the user has useless. */
  async withdraw(tx: Queryable, kind: OneTimeTokenKind, userId: string): Promise<void> {
    await tx.query('DELETE FROM one_time_tokens WHERE user_id = $1 AND kind = $2', [userId, kind]);
  }

  async deleteExpired(): Promise<void> {
    await this.database.query('DELETE FROM one_time_tokens WHERE until <= now()');
  }
}
