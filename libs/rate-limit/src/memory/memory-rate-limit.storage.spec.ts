import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ManualClock } from '@app/clock/testing';
import { MemoryRateLimitStorage } from './memory-rate-limit.storage.js';

const BUCKET = { tokensPerSecond: 1, burst: 1 };
const MIB = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('buckets in memory', () => {
  it('of a million addresses take a bounded amount of it', () => {
    const storage = new MemoryRateLimitStorage(new ManualClock());
    for (let address = 0; address < 300_000; address += 1) storage.take(`default:{ip:${address}}`, BUCKET);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let address = 300_000; address < 1_000_000; address += 1) storage.take(`default:{ip:${address}}`, BUCKET);
    collectGarbage();
    expect((process.memoryUsage().heapUsed - before) / MIB).toBeLessThan(8);
    expect(storage.size).toBe(200_000);
  });

  it('keep those that were used last', () => {
    const storage = new MemoryRateLimitStorage(new ManualClock());
    const verdicts = Array.from({ length: 400_000 }, (_, address) => {
      storage.take(`other:${address}`, BUCKET);
      return address % 1000 === 0 && storage.take('often', BUCKET).allowed;
    });
    expect(verdicts.filter((allowed) => allowed)).toHaveLength(1);
  });
});
