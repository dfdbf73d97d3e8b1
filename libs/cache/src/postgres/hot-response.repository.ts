import { Database } from '@app/database';
import { Injectable } from '@nestjs/common';

/** A cached response and how often it was used. */
export interface HotResponse {
  readonly url: string;
  /** Of whom it was asked for, joined by `+`; empty where it is the same for everyone. */
  readonly roles: string;
  readonly uses: number;
}

/** What nobody asked for so long is forgotten. */
const FORGET_AFTER = '14 days';

/** Which responses people ask for, over restarts and instances: a count of uses that halves every day. */
@Injectable()
export class HotResponseRepository {
  constructor(private readonly database: Database) {}

  async add(responses: readonly HotResponse[]): Promise<void> {
    await this.database.query(
      `INSERT INTO hot_responses AS hot (url, roles, score)
       SELECT * FROM unnest($1::text[], $2::text[], $3::float8[])
       ON CONFLICT (url, roles) DO UPDATE
         SET score = hot.score * power(0.5, extract(epoch FROM now() - hot.seen_at) / 86400) + excluded.score,
           seen_at = now()`,
      [responses.map(({ url }) => url), responses.map(({ roles }) => roles), responses.map(({ uses }) => uses)],
    );
    await this.database.query(`DELETE FROM hot_responses WHERE seen_at < now() - interval '${FORGET_AFTER}'`);
  }

  /** Those used most, as of now. */
  top(limit: number): Promise<Pick<HotResponse, 'url' | 'roles'>[]> {
    return this.database.query(
      `SELECT url, roles FROM hot_responses
       ORDER BY score * power(0.5, extract(epoch FROM now() - seen_at) / 86400) DESC LIMIT $1`,
      [limit],
    );
  }
}
