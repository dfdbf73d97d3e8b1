import { accessCheck } from './access-check/suite.ts';
import { cacheHits } from './cache-hits/suite.ts';
import { cachedRead } from './cached-read/suite.ts';
import { learners } from './learners/suite.ts';
import { refresh } from './refresh/suite.ts';
import { sessionPeers } from './session-peers/suite.ts';
import { steps } from './steps/suite.ts';
import { twoInstances } from './two-instances/suite.ts';
import type { Suite } from './suite.ts';

/** In the order of docs/benchmarks.md. */
export const SUITES: readonly Suite[] = [
  cachedRead,
  steps,
  twoInstances,
  learners,
  cacheHits,
  accessCheck,
  sessionPeers,
  refresh,
];
