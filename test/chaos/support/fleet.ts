import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltProduct } from '../../support/built-product.js';
import { PostgresServer } from '../../support/postgres-server.js';
import { RedisServer } from '../../support/redis-server.js';
import { runSql } from '../../support/run-sql.js';
import { temporaryContent, type TemporaryContent } from '../../support/temporary-content.js';

const SECRET = 'n2Xw7cR4kq9Vb1Tz6Ld8Hs3Gm5Jp0Yf-';

/** Several processes of the built product on one Redis and one Postgres, all of which may be frozen or killed. */
export class Fleet {
  private products: BuiltProduct[] = [];

  private constructor(
    readonly postgres: PostgresServer,
    readonly redis: RedisServer,
    private readonly content: TemporaryContent,
    /** Where the letters go. */
    private readonly dataDir: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async launch(size: number, environment: Readonly<Record<string, string>>): Promise<Fleet> {
    const [postgres, redis, content, dataDir] = await Promise.all([
      PostgresServer.start(),
      RedisServer.start(),
      temporaryContent(),
      mkdtemp(join(tmpdir(), 'mockingbird-fleet-')),
    ]);
    const fleet = new Fleet(postgres, redis, content, dataDir, environment);
    await fleet.add(size);
    return fleet;
  }

  /** Where each process listens. */
  get urls(): readonly string[] {
    return this.products.map(({ url }) => url);
  }

  url(index: number): string {
    return this.urls[index % this.products.length] as string;
  }

  /** Starts processes; the others once the first has migrated. */
  async add(count: number): Promise<void> {
    const first = await this.start();
    const others = await Promise.all(Array.from({ length: count - 1 }, () => this.start()));
    this.products.push(first, ...others);
  }

  private start(): Promise<BuiltProduct> {
    return BuiltProduct.start({
      LOG_LEVEL: 'error',
      PORT: '0',
      DATA_DIR: this.dataDir,
      DATABASE_URL: this.postgres.url(),
      REDIS_ADDR: this.redis.addr,
      CACHE_TYPE: 'redis',
      AUTH_SECRET: SECRET,
      CONTENT_DIR: this.content.dir,
      RATE_LIMIT_ENABLED: 'false',
      AUTH_RATE_LIMIT_ENABLED: 'false',
      ...this.environment,
    });
  }

  /** A token to reset a password with, as the letter would have it. */
  async resetToken(email: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await runSql(
      this.postgres.url(),
      `INSERT INTO one_time_tokens (hash, kind, user_id, until)
       SELECT $1, 'password_reset', id, now() + interval '30 minutes' FROM users WHERE email = $2`,
      [createHash('sha256').update(token).digest(), email],
    );
    return token;
  }

  signal(index: number, name: NodeJS.Signals): void {
    this.products[index]?.signal(name);
  }

  /** Kills every process of the product at once. */
  async killAll(): Promise<void> {
    const killed = this.products;
    this.products = [];
    for (const product of killed) product.signal('SIGKILL');
    await Promise.all(killed.map((product) => product.exitCode()));
  }

  async stop(): Promise<void> {
    await this.killAll();
    await Promise.all([
      this.postgres.stop(),
      this.redis.stop(),
      this.content.remove(),
      rm(this.dataDir, { recursive: true, force: true }),
    ]);
  }
}
