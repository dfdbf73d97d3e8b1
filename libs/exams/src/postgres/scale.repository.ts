import { Database, type Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { ScaleRef } from '../exam.js';
import type { Scale } from '../scoring/scale.js';

@Injectable()
export class ScaleRepository {
  constructor(private readonly database: Database) {}

  /** A version that exists stays as it is: results refer to it. */
  async insert(tx: Queryable, { id, version, anchors, standardError, cefr }: Scale): Promise<void> {
    await tx.query(
      `INSERT INTO scales (id, version, anchors, standard_error, cefr) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id, version) DO NOTHING`,
      [id, version, JSON.stringify(anchors), JSON.stringify(standardError), JSON.stringify(cefr)],
    );
  }

  async find({ id, version }: ScaleRef): Promise<Scale | undefined> {
    const [scale] = await this.database.query<Scale>(
      'SELECT id, version, anchors, standard_error AS "standardError", cefr FROM scales WHERE id = $1 AND version = $2',
      [id, version],
    );
    return scale;
  }
}
