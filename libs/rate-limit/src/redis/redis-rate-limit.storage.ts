import { REDIS_CLIENT, RedisScript, type RedisClient } from '@app/redis';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MemoryRateLimitStorage } from '../memory/index.js';
import { RateLimitStorage, type RateLimitVerdict, type TokenBucket } from '../rate-limit-storage.js';
import { InstanceCount } from './instance-count.js';
import { bucketKey, readVerdict, TAKE_IN_LUA, takeArguments } from './take-script.js';

const TAKE = new RedisScript<string>(`${TAKE_IN_LUA} return take(KEYS[1], ARGV[1], ARGV[2], ARGV[3])`);

/** Buckets that all instances share. While Redis is out, each instance has its share of every bucket. */
@Injectable()
export class RedisRateLimitStorage extends RateLimitStorage implements OnModuleInit, OnApplicationShutdown {
  private readonly instances: InstanceCount;

  constructor(
    @Inject(REDIS_CLIENT) private readonly redis: RedisClient,
    private readonly local: MemoryRateLimitStorage,
  ) {
    super();
    this.instances = new InstanceCount(redis);
  }

  onModuleInit(): Promise<void> {
    return this.instances.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.instances.stop();
  }

  async take(key: string, bucket: TokenBucket, tokens = 1): Promise<RateLimitVerdict> {
    try {
      return readVerdict(await TAKE.run(this.redis, [bucketKey(key)], takeArguments(bucket, tokens)));
    } catch {
      return this.local.take(key, shareOf(bucket, this.instances.current), tokens);
    }
  }
}

function shareOf({ tokensPerSecond, burst }: TokenBucket, instances: number): TokenBucket {
  return { tokensPerSecond: tokensPerSecond / instances, burst: Math.max(1, Math.floor(burst / instances)) };
}
