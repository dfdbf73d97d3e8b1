import { RedisServer } from './redis-server.js';

export interface FreshRedis {
  /** host:port */
  readonly addr: string;
  stop(): Promise<void>;
}

/** An empty Redis server of the caller's own, so that nobody else's flush or key is in the way. */
export async function freshRedis(): Promise<FreshRedis> {
  const server = await RedisServer.start();
  return { addr: server.addr, stop: () => server.stop() };
}
