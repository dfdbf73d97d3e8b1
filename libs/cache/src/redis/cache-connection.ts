import { UnavailableError } from '@app/errors';
import { ServerIdentity } from '@app/redis';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CacheRedis } from './cache-redis.js';

/** Enough of a server's name to tell it from every other. */
const NAME_LENGTH = 12;

/**
 * Under which names the cache is kept. They begin with the name of the server: one that was restarted with an older
 * state, or replaced by a replica that had not heard of everything, has no entry of the cache as it is now. All keys
 * are in one hash slot, so that an entry, its lease, its tags and the log change in one step.
 */
@Injectable()
export class CacheConnection implements OnModuleInit, OnApplicationShutdown {
  private readonly identity: ServerIdentity;
  private names: CacheNames | undefined;
  private admit: (names: CacheNames) => Promise<void> = async () => undefined;

  constructor(readonly redis: CacheRedis) {
    this.identity = new ServerIdentity(redis.server, (incarnation) => this.admit(new CacheNames(incarnation)));
  }

  /** What must have been done after each loss of the connection before what the server says is believed again. */
  beforeUse(admit: (names: CacheNames) => Promise<void>): void {
    this.admit = admit;
  }

  async onModuleInit(): Promise<void> {
    await this.identity.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.identity.stop();
    await this.redis.close();
  }

  /** @throws {UnavailableError} while nobody knows who is at the other end */
  name(): CacheNames {
    const { current } = this.identity;
    if (current === undefined) throw new UnavailableError('redis');
    if (this.names?.incarnation !== current) this.names = new CacheNames(current);
    return this.names;
  }
}

/** The names of keys on one server. */
export class CacheNames {
  private readonly prefix: string;

  constructor(readonly incarnation: string) {
    this.prefix = `c:{c}:${incarnation.slice(0, NAME_LENGTH)}`;
  }

  entry = (name: string): string => `${this.prefix}:e:${name}`;
  lease = (name: string): string => `${this.prefix}:l:${name}`;
  tag = (tag: string): string => `${this.prefix}:t:${tag}`;

  get log(): string {
    return `${this.prefix}:log`;
  }

  /** How many invalidations there have been. */
  get count(): string {
    return `${this.prefix}:count`;
  }

  /** The name of a key that `entry` made. */
  nameOf(key: string): string {
    return key.slice(this.prefix.length + ':e:'.length);
  }
}
