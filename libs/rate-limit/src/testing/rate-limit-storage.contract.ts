import assert from 'node:assert/strict';
import type { ContractCase } from '@app/contract';
import type { RateLimitStorage, RateLimitVerdict } from '../rate-limit-storage.js';

interface Subject {
  readonly storage: RateLimitStorage;
  /** Lets time pass for the storage: a manual clock, or a real wait. */
  readonly pass: (ms: number) => Promise<void>;
}

const SLOW = { tokensPerSecond: 5, burst: 3 };
let keys = 0;
const freshKey = () => `contract:${process.pid}:${Date.now()}:${(keys += 1)}`;

/** What every `RateLimitStorage` must do, as cases for any test runner. */
export function rateLimitStorageContract(create: () => Promise<Subject>): ContractCase[] {
  const at = (name: string, check: (subject: Subject, key: string) => Promise<void>): ContractCase => ({
    name,
    run: async () => check(await create(), freshKey()),
  });
  return [
    at('lets exactly the burst through at once', async ({ storage }, key) => {
      const verdicts = await Promise.all(Array.from({ length: 20 }, async () => storage.take(key, SLOW)));
      assert.equal(verdicts.filter(({ allowed }) => allowed).length, 3);
    }),
    at('counts down what remains', async ({ storage }, key) => {
      const remaining: number[] = [];
      for (let i = 0; i < 3; i += 1) remaining.push((await storage.take(key, SLOW)).remaining);
      assert.deepEqual(remaining, [2, 1, 0]);
    }),
    at('says when a refused request would pass, and keeps that word', async ({ storage, pass }, key) => {
      for (let i = 0; i < 3; i += 1) await storage.take(key, SLOW);
      const { allowed, retryAfterMs } = await storage.take(key, SLOW);
      assert.equal(allowed, false);
      assert.ok(retryAfterMs > 0 && retryAfterMs <= 200, `retryAfterMs ${retryAfterMs}`);
      await pass(retryAfterMs + 5);
      assert.equal((await storage.take(key, SLOW)).allowed, true);
    }),
    at('refills at the sustained rate, not at once', async ({ storage, pass }, key) => {
      for (let i = 0; i < 3; i += 1) await storage.take(key, SLOW);
      await pass(205);
      assert.equal((await storage.take(key, SLOW)).allowed, true);
      assert.equal((await storage.take(key, SLOW)).allowed, false);
    }),
    at('lets no second burst through where a window would end', async ({ storage, pass }, key) => {
      const allowedOf = async (requests: number) => {
        const verdicts = await Promise.all(Array.from({ length: requests }, async () => storage.take(key, SLOW)));
        return verdicts.filter(({ allowed }) => allowed).length;
      };
      await storage.take(key, SLOW);
      await pass(550);
      const startedAt = Date.now();
      const before = await allowedOf(5);
      await pass(100);
      const after = await allowedOf(5);
      const longestMs = 100 + (Date.now() - startedAt);
      assert.ok(before + after <= 3 + (longestMs * 5) / 1000, `${before} and ${after} within ${longestMs} ms`);
    }),
    at('takes nothing for a refused request', async ({ storage, pass }, key) => {
      for (let i = 0; i < 30; i += 1) await storage.take(key, SLOW);
      await pass(205);
      assert.equal((await storage.take(key, SLOW)).allowed, true);
    }),
    at('never holds more than the burst, however long the pause', async ({ storage, pass }, key) => {
      await storage.take(key, SLOW);
      await pass(1500);
      const verdicts = await Promise.all(Array.from({ length: 10 }, async () => storage.take(key, SLOW)));
      assert.equal(verdicts.filter(({ allowed }) => allowed).length, 3);
    }),
    at('takes several tokens or none', async ({ storage }, key) => {
      assert.equal((await storage.take(key, SLOW, 2)).remaining, 1);
      assert.equal((await storage.take(key, SLOW, 2)).allowed, false);
      assert.deepEqual(pick(await storage.take(key, SLOW, 1)), { allowed: true, remaining: 0 });
    }),
    at('takes the whole bucket where more is asked for than it holds', async ({ storage }, key) => {
      assert.deepEqual(pick(await storage.take(key, SLOW, 50)), { allowed: true, remaining: 0 });
      assert.equal((await storage.take(key, SLOW, 50)).allowed, false);
    }),
    at('keeps keys apart', async ({ storage }, key) => {
      for (let i = 0; i < 4; i += 1) await storage.take(key, SLOW);
      assert.equal((await storage.take(`${key}:other`, SLOW)).allowed, true);
    }),
    at('says when the bucket is full again', async ({ storage }, key) => {
      const { resetMs } = await storage.take(key, SLOW);
      assert.ok(resetMs > 150 && resetMs <= 200, `resetMs ${resetMs}`);
    }),
  ];
}

const pick = ({ allowed, remaining }: RateLimitVerdict) => ({ allowed, remaining });
