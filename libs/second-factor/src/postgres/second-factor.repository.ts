import { Database, type Queryable, type Transaction } from '@app/database';
import { Injectable } from '@nestjs/common';

export interface StoredTotp {
  readonly sealedSecret: Buffer;
  /** In use; not only being set up. */
  readonly on: boolean;
}

@Injectable()
export class SecondFactorRepository {
  constructor(private readonly database: Database) {}

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work);
  }

  async isOn(userId: string): Promise<boolean> {
    return (await this.totpOf(userId))?.on === true;
  }

  async totpOf(userId: string): Promise<StoredTotp | undefined> {
    const [row] = await this.database.query<StoredTotp>(
      `SELECT sealed_secret AS "sealedSecret", confirmed_at IS NOT NULL AS "on" FROM totp_secrets WHERE user_id = $1`,
      [userId],
    );
    return row;
  }

  /** False when an app is in use; one that is only being set up is replaced. */
  async begin(userId: string, sealedSecret: Buffer): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO totp_secrets (user_id, sealed_secret) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret
         WHERE totp_secrets.confirmed_at IS NULL RETURNING user_id`,
      [userId, sealedSecret],
    );
    return rows.length > 0;
  }

  /** True for one caller: the secret that the code was checked with is in use from now on. */
  async confirm(tx: Queryable, userId: string, sealedSecret: Buffer, step: number): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE totp_secrets SET confirmed_at = now(), last_step = $3
       WHERE user_id = $1 AND sealed_secret = $2 AND confirmed_at IS NULL RETURNING user_id`,
      [userId, sealedSecret, step],
    );
    return rows.length > 0;
  }

  /** True for one caller: a code of a step can be used once, and none of an earlier step after it. */
  async useStep(userId: string, step: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE totp_secrets SET last_step = $2
       WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL RETURNING user_id`,
      [userId, step],
    );
    return rows.length > 0;
  }

  /** True for one caller. */
  async useRecoveryCode(userId: string, hash: Buffer): Promise<boolean> {
    const rows = await this.database.query(
      'DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2 RETURNING user_id',
      [userId, hash],
    );
    return rows.length > 0;
  }

  async replaceRecoveryCodes(tx: Queryable, userId: string, hashes: readonly Buffer[]): Promise<void> {
    await tx.query('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
    await tx.query('INSERT INTO recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])', [userId, hashes]);
  }

  async recoveryCodesLeft(userId: string): Promise<number> {
    const [row] = await this.database.query<{ left: number }>(
      'SELECT count(*)::int AS left FROM recovery_codes WHERE user_id = $1',
      [userId],
    );
    return row?.left ?? 0;
  }

  /** False when there was nothing to turn off. */
  async turnOff(tx: Queryable, userId: string): Promise<boolean> {
    await tx.query('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
    const rows = await tx.query(
      'DELETE FROM totp_secrets WHERE user_id = $1 RETURNING confirmed_at IS NOT NULL AS "on"',
      [userId],
    );
    return rows.some((row) => (row as { on: boolean }).on);
  }
}
