import { Database, type Queryable, type Transaction } from '@app/database';
import { Injectable } from '@nestjs/common';

@Injectable()
export class KnownDeviceRepository {
  constructor(private readonly database: Database) {}

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work);
  }

  async isKnown(userId: string, name: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM known_devices WHERE user_id = $1 AND name = $2', [
      userId,
      name,
    ]);
    return rows.length > 0;
  }

  /** True for one caller alone, and only where the user had another device before. */
  async addFurther(tx: Queryable, userId: string, name: string): Promise<boolean> {
    const [added] = await tx.query<{ further: boolean }>(
      `INSERT INTO known_devices (user_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING
       RETURNING EXISTS (SELECT 1 FROM known_devices WHERE user_id = $1 AND name <> $2) AS further`,
      [userId, name],
    );
    return added?.further === true;
  }
}
