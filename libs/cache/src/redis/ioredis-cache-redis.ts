import { Cluster, type Redis } from 'ioredis';
import {
  createBlockingRedisClient,
  fromRedis,
  REDIS_CLIENT,
  REDIS_OPTIONS,
  serverOf,
  type RedisClient,
  type RedisModuleOptions,
} from '@app/redis';
import { Inject, Injectable } from '@nestjs/common';
import { CacheRedis, type CacheScript, type StreamEntry } from './cache-redis.js';

/** What ioredis has and does not say. */
interface BinaryScripts {
  evalshaBuffer(sha: string, keyCount: number, ...rest: (string | number | Buffer)[]): Promise<unknown>;
  evalBuffer(lua: string, keyCount: number, ...rest: (string | number | Buffer)[]): Promise<unknown>;
}

/** Beyond what a read may wait, before the connection counts as dead. */
const LATE_MS = 250;

/** The cache on ioredis: commands on the shared connection, reading the log on one of its own. */
@Injectable()
export class IoredisCacheRedis extends CacheRedis {
  readonly server;
  private reader: RedisClient | undefined;

  constructor(
    @Inject(REDIS_CLIENT) private readonly client: RedisClient,
    @Inject(REDIS_OPTIONS) private readonly options: RedisModuleOptions,
  ) {
    super();
    this.server = serverOf(client);
  }

  getMany(keys: readonly string[]): Promise<(Buffer | null)[]> {
    return keys.length === 0 ? Promise.resolve([]) : fromRedis(this.client.mgetBuffer(...keys));
  }

  run({ lua, sha }: CacheScript, keys: readonly string[], args: readonly (string | number | Buffer)[]) {
    const scripts = this.client as unknown as BinaryScripts;
    const rest = [...keys, ...args];
    return fromRedis(
      scripts.evalshaBuffer(sha, keys.length, ...rest).catch((error: Error) => {
        if (!error.message.startsWith('NOSCRIPT')) throw error;
        return scripts.evalBuffer(lua, keys.length, ...rest);
      }),
    );
  }

  async scan(slotKey: string, pattern: string, cursor: string, count: number) {
    const node = await fromRedis(this.nodeOf(slotKey));
    const [next, keys] = await fromRedis(node.scan(cursor, 'MATCH', pattern, 'COUNT', count));
    return { cursor: next, keys };
  }

  async readStream(key: string, id: string, waitMs: number): Promise<readonly StreamEntry[]> {
    const read = this.connectReader().xread('COUNT', 1000, 'BLOCK', Math.max(1, waitMs), 'STREAMS', key, id);
    const streams = await fromRedis(this.inTime(read, waitMs + LATE_MS));
    return (streams?.[0]?.[1] ?? []).map(([entryId, fields]) => ({ id: entryId, fields }));
  }

  async close(): Promise<void> {
    this.reader?.disconnect();
  }

  private async nodeOf(slotKey: string): Promise<Redis> {
    if (!(this.client instanceof Cluster)) return this.client;
    const slot = await this.client.cluster('KEYSLOT', slotKey);
    const address = this.client.slots[slot]?.[0];
    const node = this.client.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address);
    if (node === undefined) throw new Error(`No node has the slot ${slot}`);
    return node;
  }

  private connectReader(): RedisClient {
    if (this.reader === undefined) {
      this.reader = createBlockingRedisClient(this.options.addr);
      // The shared connection reports that Redis is away; this one only reconnects.
      this.reader.on('error', () => undefined);
    }
    return this.reader;
  }

  /** A read that a frozen server never answers would wait for ever: its connection is given up. */
  private async inTime<Reply>(reply: Promise<Reply>, withinMs: number): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.reader?.disconnect();
        this.reader = undefined;
        reject(new Error('The log is not answered'));
      }, withinMs);
    });
    reply.catch(() => undefined);
    try {
      return await Promise.race([reply, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
