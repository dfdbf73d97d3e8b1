import { Database, type Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';

@Injectable()
export class UsedChallengesRepository {
  constructor(private readonly database: Database) {}

  /** True for one caller. */
  async use(hash: Buffer, tx: Queryable = this.database): Promise<boolean> {
    const rows = await tx.query(
      'INSERT INTO used_passkey_challenges (hash) VALUES ($1) ON CONFLICT DO NOTHING RETURNING hash',
      [hash],
    );
    return rows.length > 0;
  }

  /** Of challenges that would not be taken any more anyway. */
  async forgetOlderThan(ageMs: number): Promise<void> {
    await this.database.query(`DELETE FROM used_passkey_challenges WHERE used_at < now() - $1 * interval '1 ms'`, [
      ageMs,
    ]);
  }
}
