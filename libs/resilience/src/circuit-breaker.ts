import { RollingOutcomes } from './rolling-outcomes.js';

/** `probing`: it was open, and answers of the dependency are being counted before anybody relies on it again. */
export type BreakerState = 'closed' | 'open' | 'probing';

export interface CircuitBreakerOptions {
  /** Share of failures, above 0 and up to 1, at which it opens. */
  readonly failureRate: number;
  /** Fewer calls within the window say nothing. */
  readonly minimumCalls: number;
  readonly windowMs: number;
  /** Successful probes in a row after which it closes. A dependency that fails half the time has 16 in a row once in 65,536. */
  readonly probes: number;
  readonly probeEveryMs: number;
  /** After each failed probe the next waits twice as long, up to this. */
  readonly probeAtLeastEveryMs: number;
}

export const BREAKER_DEFAULTS: CircuitBreakerOptions = {
  failureRate: 0.5,
  minimumCalls: 20,
  windowMs: 10_000,
  probes: 16,
  probeEveryMs: 60,
  probeAtLeastEveryMs: 1000,
};

/**
 * Keeps calls away from a dependency that mostly fails. While it is open no caller is used for an experiment: it asks
 * the dependency itself, and lets callers back only after several answers in a row, so that a half-broken dependency
 * does not open and close it all the time.
 */
export class CircuitBreaker {
  private readonly outcomes: RollingOutcomes;
  private current: BreakerState = 'closed';
  private inARow = 0;
  private probeDelayMs: number;
  private timer: NodeJS.Timeout | undefined;

  /** @param probe resolves when the dependency is well; it brings its own time limit */
  constructor(
    private readonly probe: () => Promise<unknown>,
    private readonly onChange: (state: BreakerState, previous: BreakerState) => void = () => undefined,
    private readonly options: CircuitBreakerOptions = BREAKER_DEFAULTS,
  ) {
    this.outcomes = new RollingOutcomes(options.windowMs);
    this.probeDelayMs = options.probeEveryMs;
  }

  get state(): BreakerState {
    return this.current;
  }

  /** Whether a call may be made. */
  get permits(): boolean {
    return this.current === 'closed';
  }

  /** Tells it how a call went. */
  record(succeeded: boolean): void {
    if (this.current !== 'closed') return;
    this.outcomes.add(succeeded);
    if (!succeeded && this.isTooMuch()) this.open();
  }

  /** Ends its probing; for when the process stops. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private isTooMuch(): boolean {
    const { failures, total } = this.outcomes.count();
    return total >= this.options.minimumCalls && failures >= this.options.failureRate * total;
  }

  private open(): void {
    this.outcomes.clear();
    this.inARow = 0;
    this.probeDelayMs = this.options.probeEveryMs;
    this.become('open');
    this.schedule();
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.tryOut(), this.probeDelayMs).unref();
  }

  private async tryOut(): Promise<void> {
    const answered = await this.probe().then(
      () => true,
      () => false,
    );
    if (answered) this.succeeded();
    else this.failed();
  }

  private succeeded(): void {
    this.inARow += 1;
    this.probeDelayMs = this.options.probeEveryMs;
    if (this.inARow >= this.options.probes) {
      this.become('closed');
      return;
    }
    this.become('probing');
    this.schedule();
  }

  private failed(): void {
    this.inARow = 0;
    this.probeDelayMs = Math.min(this.probeDelayMs * 2, this.options.probeAtLeastEveryMs);
    this.become('open');
    this.schedule();
  }

  private become(state: BreakerState): void {
    if (this.current === state) return;
    const previous = this.current;
    this.current = state;
    this.onChange(state, previous);
  }
}
