import { createBlockingRedisClient, REDIS_OPTIONS, type RedisClient, type RedisModuleOptions } from '@app/redis';
import { Inject, Injectable } from '@nestjs/common';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { RealtimeAdapter, type SocketAdapter } from '../realtime-adapter.js';

const STREAM = 'realtime';
const BLOCK_MS = 1000;

/** Instances meet in a Redis stream, which keeps what was sent while a connection was lost. */
@Injectable()
export class RedisRealtimeAdapter extends RealtimeAdapter {
  /** The library duplicates the first to read the stream, and would wait for ever for a Redis that is gone. */
  private readonly clients: RedisClient[];

  constructor(@Inject(REDIS_OPTIONS) { addr }: RedisModuleOptions) {
    super();
    const client = createBlockingRedisClient(addr);
    // The shared connection reports that Redis is away; these only reconnect.
    client.on('error', () => undefined);
    this.clients = [client];
    const duplicate = client.duplicate.bind(client) as () => RedisClient;
    client.duplicate = (() => {
      const copy = duplicate();
      this.clients.push(copy);
      return copy;
    }) as never;
  }

  create(): SocketAdapter {
    return createAdapter(this.clients[0], { streamName: STREAM, blockTimeInMs: BLOCK_MS });
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.disconnect();
  }
}
