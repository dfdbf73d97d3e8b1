import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { extent } from './extent.js';
import type { Fleet } from './fleet.js';

const FAULT_MS = extent(15_000, 800);
const FROZEN_MS = extent(30_000, 2000);

/** What may happen to Redis while people work, by what happens. */
export const REDIS_FAULTS: Readonly<Record<string, (fleet: Fleet) => Promise<void>>> = {
  'is flushed all the time': async ({ redis }) => {
    const until = Date.now() + FAULT_MS;
    while (Date.now() < until) await redis.flushAll();
  },
  'evicts everything': async ({ redis }) => {
    const client = new Redis(`redis://${redis.addr}`);
    await client.config('SET', 'maxmemory-policy', 'allkeys-random');
    await client.config('SET', 'maxmemory', '2mb');
    const until = Date.now() + FAULT_MS;
    for (let index = 0; Date.now() < until; index += 1) await client.set(`junk:${index % 2000}`, 'x'.repeat(1000));
    await client.config('SET', 'maxmemory', '0');
    client.disconnect();
  },
  'is killed and comes back': async ({ redis }) => {
    await redis.kill();
    await sleep(FAULT_MS);
    await redis.restart();
  },
  'comes back with an older state': async ({ redis }) => {
    const client = new Redis(`redis://${redis.addr}`);
    client.on('error', () => undefined);
    await client.save();
    client.disconnect();
    await sleep(FAULT_MS);
    await redis.kill();
    await redis.restart();
  },
  [`is frozen for ${FROZEN_MS / 1000} s`]: async ({ redis }) => {
    await redis.pause();
    await sleep(FROZEN_MS);
    await redis.resume();
  },
};
