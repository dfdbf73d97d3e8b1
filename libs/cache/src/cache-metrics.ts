import { Metrics } from '@app/observability';
import { Injectable } from '@nestjs/common';

export type LookupResult = 'hit' | 'miss' | 'coalesced' | 'error';

/** What the cache does, by namespace. */
@Injectable()
export class CacheMetrics {
  private readonly lookups;

  constructor(metrics: Metrics) {
    this.lookups = metrics.counter({
      name: 'cache_lookups_total',
      help: 'Cache look-ups by namespace and result.',
      labelNames: ['namespace', 'result'],
    });
  }

  count(namespace: string, result: LookupResult): void {
    this.lookups.inc({ namespace, result });
  }
}
