import type { BucketDraw } from '@app/rate-limit';
import { MemoryRateLimitStorage } from '@app/rate-limit/memory';
import { RedisRateLimitStorage } from '@app/rate-limit/redis';
import { SystemClock } from '@app/clock';
import type { AccessRef, SessionStanding } from '@app/sessions';
import { RedisTokenBlacklist } from '@app/sessions/redis';
import { RedisCluster } from '../support/redis-cluster.js';
import { createRedisClient, type RedisClient } from '@app/redis';
import { ClaimedProjection } from './claimed-projection.js';
import { ownRedis, readiness } from './contract-runs.js';

const BURST = 3;
const session = (userId: string): AccessRef => ({ userId, sessionId: `session of ${userId}`, epoch: 1 });
const drawFor = ({ userId }: AccessRef): BucketDraw => ({
  key: `default:{${userId}}`,
  bucket: { tokensPerSecond: 0.001, burst: BURST, described: '' },
  tokens: 1,
});

describe.each(['a single Redis', 'a cluster of three'])(
  'whether a session is in force and what is left, on %s,',
  (on) => {
    let client: RedisClient;
    let blacklist: RedisTokenBlacklist;
    let limits: RedisRateLimitStorage;
    let close: () => Promise<void>;

    beforeAll(async () => {
      if (on === 'a single Redis') ({ client, close } = await ownRedis());
      else {
        const cluster = await RedisCluster.start();
        client = createRedisClient(cluster.addr, { answerWithinMs: 20_000 });
        client.on('error', () => undefined);
        await client.connect();
        await readiness(client);
        close = async () => {
          client.disconnect();
          await cluster.stop();
        };
      }
      blacklist = new RedisTokenBlacklist(client, new ClaimedProjection(), { accessTtlMs: 600_000 });
      await blacklist.onModuleInit();
      limits = new RedisRateLimitStorage(client, new MemoryRateLimitStorage(new SystemClock()));
    });
    afterAll(async () => {
      blacklist.onApplicationShutdown();
      await close();
    });

    async function known(userId: string, standing: SessionStanding): Promise<AccessRef> {
      const ref = session(userId);
      const lease = await blacklist.lease(ref);
      expect(await blacklist.fill(ref, lease as NonNullable<typeof lease>, standing)).toBe(true);
      return ref;
    }

    /** What is left for the user of all that the bucket holds. */
    async function left(ref: AccessRef): Promise<number> {
      const { key, bucket } = drawFor(ref);
      const { allowed, remaining } = await limits.take(key, bucket);
      return allowed ? remaining + 1 : 0;
    }

    it('are asked for together, from the bucket that others take from', async () => {
      const ref = await known('alice', { revoked: false, epoch: 1 });
      expect(await left(ref)).toBe(BURST);
      const [first, second, third] = [drawFor(ref), drawFor(ref), drawFor(ref)];
      expect(await blacklist.check(ref, first)).toBe('ok');
      expect(first.verdict).toMatchObject({ allowed: true, remaining: 1 });
      expect(await blacklist.check(ref, second)).toBe('ok');
      expect(second.verdict).toMatchObject({ allowed: true, remaining: 0 });
      expect(await blacklist.check(ref, third)).toBe('ok');
      expect(third.verdict).toMatchObject({ allowed: false, remaining: 0 });
      expect(await left(ref)).toBe(0);
    });

    it.each<[string, (userId: string) => Promise<AccessRef>]>([
      ['revoked', (userId) => known(userId, { revoked: true, epoch: 1 })],
      ['revoked', (userId) => known(userId, { revoked: false, epoch: 2 })],
      ['unknown', async (userId) => session(userId)],
      [
        'unknown',
        async (userId) => {
          const ref = await known(userId, { revoked: false, epoch: 1 });
          await blacklist.announce({ userId, epoch: 2 });
          return ref;
        },
      ],
      [
        'unknown',
        async (userId) => {
          const ref = await known(userId, { revoked: false, epoch: 1 });
          await blacklist.announce({ userId, sessionIds: [ref.sessionId] });
          return ref;
        },
      ],
    ])('take nothing from whoever is %s (%#)', async (verdict, prepare) => {
      const ref = await prepare(`user ${on} ${Math.random()}`);
      const draw = drawFor(ref);
      expect(await blacklist.check(ref, draw)).toBe(verdict);
      expect(draw.verdict).toBeUndefined();
      expect(await left(ref)).toBe(BURST);
    });
  },
);
