import { BuiltProduct } from '../../support/built-product.js';
import { PostgresServer } from '../../support/postgres-server.js';
import { RedisServer } from '../../support/redis-server.js';
import { temporaryContent, type TemporaryContent } from '../../support/temporary-content.js';

const SECRET = 'n2Xw7cR4kq9Vb1Tz6Ld8Hs3Gm5Jp0Yf-';

/** Several processes of the built product on one Redis and one Postgres, all of which may be frozen or killed. */
export class Fleet {
  private products: BuiltProduct[] = [];

  private constructor(
    readonly postgres: PostgresServer,
    readonly redis: RedisServer,
    private readonly content: TemporaryContent,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async launch(size: number, environment: Readonly<Record<string, string>>): Promise<Fleet> {
    const [postgres, redis, content] = await Promise.all([
      PostgresServer.start(),
      RedisServer.start(),
      temporaryContent(),
    ]);
    const fleet = new Fleet(postgres, redis, content, environment);
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

  /** Starts processes, one after the other: the first migrates. */
  async add(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      this.products.push(
        await BuiltProduct.start({
          LOG_LEVEL: 'error',
          PORT: '0',
          DATABASE_URL: this.postgres.url(),
          REDIS_ADDR: this.redis.addr,
          CACHE_TYPE: 'redis',
          AUTH_SECRET: SECRET,
          CONTENT_DIR: this.content.dir,
          RATE_LIMIT_ENABLED: 'false',
          AUTH_RATE_LIMIT_ENABLED: 'false',
          ...this.environment,
        }),
      );
    }
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
    await Promise.all([this.postgres.stop(), this.redis.stop(), this.content.remove()]);
  }
}
