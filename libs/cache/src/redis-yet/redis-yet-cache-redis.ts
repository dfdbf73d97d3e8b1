import { UnavailableError } from '@app/errors';
import { ANSWER_WITHIN_MS, REDIS_OPTIONS, type RedisModuleOptions } from '@app/redis';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { commandOptions, createClient } from '@redis/client';
import { redisInsStore } from 'cache-manager-redis-yet';
import { CacheRedis, type CacheScript, type StreamEntry } from '../redis/cache-redis.js';
import { Patience } from './patience.js';

type Argument = string | number | Buffer;
type Client = ReturnType<typeof createClient>;

const RECONNECT = { connectTimeout: 2000, reconnectStrategy: (attempt: number) => Math.min(50 * attempt, 1000) };
const BYTES = commandOptions({ returnBuffers: true });
/** Beyond what a read may wait, before its connection counts as dead. */
const LATE_MS = 250;

/** The cache on the client of `cache-manager-redis-yet`, for a single Redis. */
@Injectable()
export class RedisYetCacheRedis extends CacheRedis implements OnModuleInit {
  readonly server;
  private readonly logger = new Logger('Redis');
  private readonly client: Client;
  private readonly reader: Client;
  private readonly patience: Patience;

  constructor(@Inject(REDIS_OPTIONS) { addr }: RedisModuleOptions) {
    super();
    const url = /^rediss?:\/\//.test(addr) ? addr : `redis://${addr}`;
    const client = createClient({ url, disableOfflineQueue: true, socket: RECONNECT });
    // The same client, seen without the modules that nobody uses.
    this.client = redisInsStore(client as never).client;
    this.reader = client.duplicate();
    this.patience = new Patience(ANSWER_WITHIN_MS, () => this.client.ping());
    for (const each of [this.client, this.reader]) each.on('error', () => undefined);
    this.server = {
      get isReady() {
        return client.isReady;
      },
      watch: ({ onLost, onReady }: { readonly onLost: () => void; readonly onReady: () => void }) => {
        client.on('end', onLost).on('reconnecting', onLost).on('error', onLost).on('ready', onReady);
      },
      incarnation: async () => {
        const runId = /run_id:(\w+)/.exec(String(await this.send(['INFO', 'server'])))?.[1];
        if (runId === undefined) throw new UnavailableError('redis');
        return runId;
      },
    };
  }

  /** Does not wait for a Redis that is away: what is cached is loaded meanwhile. */
  onModuleInit(): void {
    for (const each of [this.client, this.reader]) {
      each.connect().catch((error: Error) => this.logger.warn(`Redis: ${error.message}`));
    }
  }

  async getMany(keys: readonly string[]): Promise<(Buffer | null)[]> {
    return keys.length === 0 ? [] : ((await this.send(['MGET', ...keys])) as (Buffer | null)[]);
  }

  async run({ lua, sha }: CacheScript, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.send(['EVALSHA', sha, ...rest]);
    } catch (error) {
      if (!/NOSCRIPT/.test(String((error as Error).cause))) throw error;
      return this.send(['EVAL', lua, ...rest]);
    }
  }

  async scan(_slotKey: string, pattern: string, cursor: string, count: number) {
    const [next, keys] = (await this.send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', count])) as [Buffer, Buffer[]];
    return { cursor: String(next), keys: keys.map(String) };
  }

  async readStream(key: string, id: string, waitMs: number): Promise<readonly StreamEntry[]> {
    const args = ['XREAD', 'COUNT', '1000', 'BLOCK', String(Math.max(1, waitMs)), 'STREAMS', key, id];
    const reading = new Patience(waitMs + LATE_MS, async () => undefined);
    try {
      const reply = await reading.wait(() => this.reader.sendCommand(args));
      const [stream] = (reply ?? []) as [string, [string, string[]][]][];
      return (stream?.[1] ?? []).map(([entryId, fields]) => ({ id: entryId, fields }));
    } catch (error) {
      throw new UnavailableError('redis', error);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.client.disconnect(), this.reader.disconnect()]);
  }

  private async send(args: readonly Argument[]): Promise<unknown> {
    const words = args.map((word) => (typeof word === 'number' ? String(word) : word));
    try {
      return await this.patience.wait(() => this.client.sendCommand(words, BYTES));
    } catch (error) {
      throw new UnavailableError('redis', error);
    }
  }
}
