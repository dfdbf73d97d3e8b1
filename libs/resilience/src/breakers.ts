import { Metrics } from '@app/observability';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { BREAKER_DEFAULTS, CircuitBreaker, type BreakerState, type CircuitBreakerOptions } from './circuit-breaker.js';

/** Which states count as 1 in the metric. */
const STATES: readonly BreakerState[] = ['closed', 'probing', 'open'];

/** Every circuit breaker of the process, for metrics, health and the log. */
@Injectable()
export class Breakers implements OnApplicationShutdown {
  private readonly logger = new Logger('CircuitBreaker');
  private readonly breakers = new Map<string, CircuitBreaker>();
  private readonly changes;

  constructor(metrics: Metrics) {
    const { breakers } = this;
    this.changes = metrics.counter({
      name: 'circuit_breaker_changes_total',
      help: 'How often a circuit breaker came into a state.',
      labelNames: ['name', 'state'],
    });
    metrics.gauge({
      name: 'circuit_breaker_state',
      help: '1 for the state that a circuit breaker is in.',
      labelNames: ['name', 'state'],
      collect() {
        for (const [name, breaker] of breakers) {
          for (const state of STATES) this.set({ name, state }, breaker.state === state ? 1 : 0);
        }
      },
    });
  }

  /** Makes the breaker of a dependency. */
  create(
    name: string,
    probe: () => Promise<unknown>,
    options: CircuitBreakerOptions = BREAKER_DEFAULTS,
  ): CircuitBreaker {
    const breaker = new CircuitBreaker(probe, (state, previous) => this.changed(name, state, previous), options);
    this.breakers.set(name, breaker);
    return breaker;
  }

  /** The state of each. */
  states(): Readonly<Record<string, BreakerState>> {
    return Object.fromEntries([...this.breakers].map(([name, { state }]) => [name, state]));
  }

  onApplicationShutdown(): void {
    for (const breaker of this.breakers.values()) breaker.stop();
  }

  private changed(name: string, state: BreakerState, previous: BreakerState): void {
    this.changes.inc({ name, state });
    if (previous === 'closed') this.logger.warn({ event: 'breaker_opened', name });
    if (state === 'closed') this.logger.log({ event: 'breaker_closed', name });
  }
}
