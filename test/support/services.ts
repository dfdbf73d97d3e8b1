import { PostgresServer } from './postgres-server.js';
import { RedisServer } from './redis-server.js';

/** The servers a whole test run shares. */
export interface Services {
  readonly databaseUrl: string;
  /** host:port, or whatever form `REDIS_ADDR` has. */
  readonly redisAddr: string;
  /** Ends what was started here; servers named by the environment are left alone. */
  stop(): Promise<void>;
}

/** Takes `DATABASE_URL` and `REDIS_ADDR` where they are set, and starts a server for each that is not. */
export async function startServices(env: NodeJS.ProcessEnv = process.env): Promise<Services> {
  const { DATABASE_URL: databaseUrl, REDIS_ADDR: redisAddr } = env;
  const started = await Promise.allSettled([
    databaseUrl ? undefined : PostgresServer.start({ durable: false }),
    redisAddr ? undefined : RedisServer.start(),
  ]);
  const [postgres, redis] = started.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as [
    PostgresServer | undefined,
    RedisServer | undefined,
  ];
  const stop = async () => {
    await Promise.all([postgres?.stop(), redis?.stop()]);
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return {
    databaseUrl: postgres?.url() ?? (databaseUrl as string),
    redisAddr: redis?.addr ?? (redisAddr as string),
    stop,
  };
}
