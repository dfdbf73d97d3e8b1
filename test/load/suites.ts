import { accessCheck } from './access-check/suite.ts';
import { cachedRead } from './cached-read/suite.ts';
import { refresh } from './refresh/suite.ts';
import { sessionPeers } from './session-peers/suite.ts';
import type { Suite } from './suite.ts';

/** In the order of docs/benchmarks.md. */
export const SUITES: readonly Suite[] = [cachedRead, accessCheck, sessionPeers, refresh];
