import { Inject } from '@nestjs/common';
import { CacheService } from './cache.service.js';
import type { CacheUse } from './cache-use.js';

/** How the results of a method are cached. */
export interface CachedMethod<Arguments extends unknown[]> extends Omit<CacheUse, 'tags'> {
  readonly namespace: string;
  /** The rest of the key; the arguments as JSON unless given. */
  readonly key?: (...args: Arguments) => string;
  readonly tags: readonly string[] | ((...args: Arguments) => readonly string[]);
}

const CACHE = Symbol('cache of @Cached methods');

/**
 * Caches what an asynchronous method of a provider gives for the same arguments. It must survive JSON; callers get a
 * frozen object that they share. `undefined` is remembered for a short while.
 */
export function Cached<Arguments extends unknown[]>(how: CachedMethod<Arguments>) {
  const { namespace, key = (...args: Arguments) => JSON.stringify(args), tags, ...lifetimes } = how;
  return <Result>(
    target: object,
    _name: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: Arguments) => Promise<Result>>,
  ): void => {
    const method = descriptor.value as (...args: Arguments) => Promise<Result>;
    Inject(CacheService)(target, CACHE);
    descriptor.value = function cached(this: unknown, ...args: Arguments): Promise<Result> {
      const { [CACHE]: cache } = this as { readonly [CACHE]: CacheService };
      const use = { ...lifetimes, tags: typeof tags === 'function' ? tags(...args) : tags };
      return cache.getOrLoad(`${namespace}:${key(...args)}`, use, () => method.apply(this, args));
    };
  };
}
