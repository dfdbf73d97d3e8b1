import { Metrics } from '@app/observability';
import { Injectable } from '@nestjs/common';

/** What happened in one namespace since the process started. */
export interface NamespaceCounts {
  /** Answered from the memory of this process. */
  localHits: number;
  /** Answered from the shared store, or the bytes in memory. */
  storeHits: number;
  /** Answered with a value that was not fresh any more. */
  stale: number;
  /** Answered by the load of another caller of this process. */
  coalesced: number;
  /** Loads that were begun for a caller who waited. */
  misses: number;
  /** Loads in all, those in the background too. */
  loads: number;
  loadFailures: number;
  /** Time of all loads together. */
  loadMs: number;
  /** The store did not answer. */
  storeErrors: number;
}

const RESULTS = {
  local_hit: 'localHits',
  store_hit: 'storeHits',
  stale: 'stale',
  coalesced: 'coalesced',
  miss: 'misses',
  store_error: 'storeErrors',
} as const satisfies Record<string, keyof NamespaceCounts>;

/** Counts by namespace: plain numbers that a hit adds one to, read when somebody asks. */
@Injectable()
export class NamespaceStatistics {
  private readonly namespaces = new Map<string, NamespaceCounts>();

  constructor(metrics: Metrics) {
    const { namespaces } = this;
    metrics.counter({
      name: 'cache_lookups_total',
      help: 'Cache look-ups by namespace and what came of them.',
      labelNames: ['namespace', 'result'],
      collect() {
        this.reset();
        for (const [namespace, counts] of namespaces) {
          for (const [result, count] of Object.entries(RESULTS)) this.inc({ namespace, result }, counts[count]);
        }
      },
    });
    metrics.counter({
      name: 'cache_loads_total',
      help: 'Loads for the cache by namespace and outcome.',
      labelNames: ['namespace', 'outcome'],
      collect() {
        this.reset();
        for (const [namespace, { loads, loadFailures }] of namespaces) {
          this.inc({ namespace, outcome: 'loaded' }, loads - loadFailures);
          this.inc({ namespace, outcome: 'failed' }, loadFailures);
        }
      },
    });
    metrics.counter({
      name: 'cache_load_seconds_total',
      help: 'Time of all loads for the cache by namespace.',
      labelNames: ['namespace'],
      collect() {
        this.reset();
        for (const [namespace, { loadMs }] of namespaces) this.inc({ namespace }, loadMs / 1000);
      },
    });
  }

  of(namespace: string): NamespaceCounts {
    let counts = this.namespaces.get(namespace);
    if (counts === undefined) this.namespaces.set(namespace, (counts = none()));
    return counts;
  }

  all(): ReadonlyMap<string, Readonly<NamespaceCounts>> {
    return this.namespaces;
  }
}

function none(): NamespaceCounts {
  return {
    localHits: 0,
    storeHits: 0,
    stale: 0,
    coalesced: 0,
    misses: 0,
    loads: 0,
    loadFailures: 0,
    loadMs: 0,
    storeErrors: 0,
  };
}
