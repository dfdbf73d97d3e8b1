import assert from 'node:assert/strict';
import type { ContractCase } from '@app/contract';
import type { NewEntry } from '../cache-entry.js';
import type { CacheKey } from '../cache-key.js';
import type { CacheLease, CacheStore } from '../cache-store.js';

export interface Subject {
  readonly store: CacheStore;
  /** Lets time pass for the store: a manual clock, or a real wait. */
  readonly pass: (ms: number) => Promise<void>;
}

export const LONG_MS = 60_000;
let keys = 0;
export const unique = () => `${process.pid}-${Date.now()}-${(keys += 1)}`;
export const keyOf = (...tags: string[]): CacheKey => ({ name: `contract:${unique()}`, tags });
export const entryOf = (text: string, freshMs = LONG_MS, staleMs = 0): NewEntry => ({
  kind: 'value',
  bytes: Buffer.from(text),
  freshMs,
  staleMs,
  loadMs: 7,
});

export async function leaseOf(store: CacheStore, key: CacheKey): Promise<CacheLease> {
  const found = await store.lookup(key);
  assert.equal(found.state, 'lease');
  return found.lease;
}

export async function textOf(store: CacheStore, key: CacheKey): Promise<string | undefined> {
  return (await store.get(key))?.bytes.toString('utf8');
}

export type At = (name: string, check: (subject: Subject) => Promise<void>) => ContractCase;
