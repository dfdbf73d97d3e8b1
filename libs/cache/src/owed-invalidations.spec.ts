import { setTimeout as sleep } from 'node:timers/promises';
import { ManualClock } from '@app/clock/testing';
import type { CacheMetrics } from './cache-metrics.js';
import { CacheService } from './cache-service.js';
import { MemoryCacheStore } from './memory/index.js';
import { OwedInvalidations } from './owed-invalidations.js';

const OPTIONS = { enabled: true, defaultTtlMs: 60_000, maxMemoryBytes: 1_000_000 };
const USE = { tags: ['t'] };

/** A store whose invalidations fail until it is mended. */
class DeafStore extends MemoryCacheStore {
  deaf = true;

  override async invalidate(tags: readonly string[]): Promise<void> {
    if (this.deaf) throw new Error('redis is away');
    return super.invalidate(tags);
  }
}

describe('OwedInvalidations', () => {
  const store = new DeafStore(new ManualClock(), OPTIONS);
  const owed = new OwedInvalidations(store);
  const metrics = { count: () => undefined } as unknown as CacheMetrics;
  const cache = new CacheService(store, metrics, owed, OPTIONS);
  afterAll(() => owed.onApplicationShutdown());

  it('lets a write succeed, serves nothing it made old, and tells the store when it answers again', async () => {
    await cache.getOrLoad('n:k', USE, async () => 'old');
    await cache.invalidate('t');
    expect(await cache.getOrLoad('n:k', USE, async () => 'new')).toBe('new');
    expect(await cache.getOrLoad('n:other', { tags: ['u'] }, async () => 1)).toBe(1);

    store.deaf = false;
    const deadline = Date.now() + 5000;
    while (owed.isOwed(['t']) && Date.now() < deadline) await sleep(10);
    expect(owed.isOwed(['t'])).toBe(false);
    expect(await cache.getOrLoad('n:k', USE, async () => 'newest')).toBe('newest');
    expect(await cache.getOrLoad('n:k', USE, async () => 'never loaded')).toBe('newest');
  });
});
