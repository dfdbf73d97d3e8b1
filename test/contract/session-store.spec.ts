import type { SessionActivity, SessionStore } from '@app/sessions';
import { MemorySessionStore } from '@app/sessions/memory';
import { RedisSessionStore } from '@app/sessions/redis';
import { sessionStoreContract } from '@app/sessions/testing';
import { failuresOf, ownRedis, type OwnRedis } from './contract-runs.js';

const memory = (Store: new () => SessionStore) => sessionStoreContract(async () => new Store());

describe('MemorySessionStore', () => {
  for (const { name, run } of memory(MemorySessionStore)) it(name, run);
});

describe('the session store contract catches, in memory,', () => {
  it('a store that drains twice', async () => {
    class Repeating extends MemorySessionStore {
      override async drain(limit: number) {
        const batch = await super.drain(limit);
        for (const activity of batch) await super.record(activity);
        return batch;
      }
    }
    expect(await failuresOf(memory(Repeating))).toEqual(['drains up to the limit, and each activity once']);
  });

  it('a store that keeps what arrives last, though it is older', async () => {
    class LastWriteWins extends MemorySessionStore {
      override async record(activity: SessionActivity) {
        const others = (await super.drain(1000)).filter(({ sessionId }) => sessionId !== activity.sessionId);
        for (const each of [...others, activity]) await super.record(each);
      }
    }
    expect(await failuresOf(memory(LastWriteWins))).toEqual(['keeps the latest, whatever order they arrive in']);
  });

  it('a store that ignores the limit', async () => {
    class Unlimited extends MemorySessionStore {
      override drain() {
        return super.drain(1000);
      }
    }
    expect(await failuresOf(memory(Unlimited))).toEqual(['drains up to the limit, and each activity once']);
  });

  it('a store that takes each session once', async () => {
    class Once extends MemorySessionStore {
      private readonly drained = new Set<string>();

      override async record(activity: SessionActivity) {
        if (!this.drained.has(activity.sessionId)) await super.record(activity);
      }
      override async drain(limit: number) {
        const batch = await super.drain(limit);
        for (const { sessionId } of batch) this.drained.add(sessionId);
        return batch;
      }
    }
    expect(await failuresOf(memory(Once))).toEqual(['takes a session again after it was drained']);
  });

  it('a store that tells of sessions nobody asked for', async () => {
    class Talkative extends MemorySessionStore {
      private readonly all: SessionActivity[] = [];

      override async record(activity: SessionActivity) {
        this.all.push(activity);
        await super.record(activity);
      }
      override async recent() {
        return this.all;
      }
    }
    expect(await failuresOf(memory(Talkative))).toContain('answers what was recorded, for the sessions asked for');
  });
});

describe('with a real Redis,', () => {
  let redis: OwnRedis;
  const on = (create: () => SessionStore) =>
    sessionStoreContract(async () => {
      await redis.client.flushall();
      return create();
    });

  beforeAll(async () => {
    redis = await ownRedis();
  });
  afterAll(() => redis.close());

  describe('RedisSessionStore', () => {
    for (const { name, run } of on(() => new RedisSessionStore(redis.client))) it(name, run);
  });

  describe('the session store contract catches', () => {
    it('a store that drains without taking out', async () => {
      class Peeking extends RedisSessionStore {
        override async drain(limit: number) {
          const all = Object.values(await redis.client.hgetall('session:activity'));
          return all.slice(0, limit).map((text) => JSON.parse(text) as SessionActivity);
        }
      }
      expect(await failuresOf(on(() => new Peeking(redis.client)))).toEqual([
        'drains up to the limit, and each activity once',
      ]);
    });

    it('a store that drains in two round trips', async () => {
      class Racing extends RedisSessionStore {
        override async drain(limit: number) {
          const all = Object.entries(await redis.client.hgetall('session:activity')).slice(0, limit);
          if (all.length > 0) await redis.client.hdel('session:activity', ...all.map(([id]) => id));
          return all.map(([, text]) => JSON.parse(text) as SessionActivity);
        }
      }
      expect(await failuresOf(on(() => new Racing(redis.client)))).toEqual([
        'drains up to the limit, and each activity once',
      ]);
    });

    it('a store that keeps what arrives last, though it is older', async () => {
      class LastWriteWins extends RedisSessionStore {
        override async record(activity: SessionActivity) {
          await redis.client.hset('session:activity', activity.sessionId, JSON.stringify(activity));
        }
      }
      expect(await failuresOf(on(() => new LastWriteWins(redis.client)))).toEqual([
        'keeps the latest, whatever order they arrive in',
      ]);
    });
  });
});
