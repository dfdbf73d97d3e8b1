import { AsyncLocalStorage } from 'node:async_hooks';
import type { Principal } from './principal.js';

const callers = new AsyncLocalStorage<Principal>();

/** Makes requests of this process to itself as somebody; no request from outside can come to be one of these. */
export function asInternalCaller<Result>(principal: Principal, work: () => Promise<Result>): Promise<Result> {
  return callers.run(principal, work);
}

/** Who the process itself asks as; undefined for every request that came over the network. */
export function internalCaller(): Principal | undefined {
  return callers.getStore();
}
