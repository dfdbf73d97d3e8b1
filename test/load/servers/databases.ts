import { PostgresServer } from '../../support/postgres-server.js';
import { RedisServer } from '../../support/redis-server.js';
import type { LaunchContext } from './launch-context.ts';

/** A Postgres of this run only: what it acknowledged is on disk. Answers the address of an empty database. */
export async function startPostgres(context: LaunchContext, stack: AsyncDisposableStack): Promise<string> {
  const server = await PostgresServer.start({ settings: { max_connections: '300' } });
  stack.defer(() => server.stop());
  context.pinning.move(server.pid);
  return server.createDatabase();
}

/** A Redis of this run only, which keeps nothing on disk. Answers host:port. */
export async function startRedis(context: LaunchContext, stack: AsyncDisposableStack): Promise<string> {
  const server = await RedisServer.start();
  stack.defer(() => server.stop());
  context.pinning.move(server.pid);
  return server.addr;
}
