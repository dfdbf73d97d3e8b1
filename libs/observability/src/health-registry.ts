import { Injectable } from '@nestjs/common';

/** Something the process relies on. */
export interface HealthCheck {
  readonly name: string;
  readonly timeoutMs: number;
  /** Requests are served without it, if more slowly. */
  readonly dispensable?: boolean;
  /** Throws, or takes too long, when it is not well. */
  check(): Promise<unknown>;
}

export interface HealthReport {
  /** `degraded`: only something dispensable is not well. */
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly checks: Readonly<
    Record<string, { readonly status: 'up' | 'down'; readonly ms: number; readonly reason?: string }>
  >;
}

/** What readiness depends on; each part of the system registers its own check. */
@Injectable()
export class HealthRegistry {
  private readonly checks: HealthCheck[] = [];

  register(check: HealthCheck): void {
    this.checks.push(check);
  }

  /** Runs all checks at once; none can hold up the answer beyond its timeout. */
  async report(): Promise<HealthReport> {
    const results = await Promise.all(this.checks.map(async (check) => ({ check, outcome: await outcomeOf(check) })));
    const down = results.filter(({ outcome }) => outcome.status === 'down');
    const status = down.length === 0 ? 'ok' : down.every(({ check }) => check.dispensable) ? 'degraded' : 'unavailable';
    return { status, checks: Object.fromEntries(results.map(({ check, outcome }) => [check.name, outcome])) };
  }
}

async function outcomeOf(check: HealthCheck): Promise<HealthReport['checks'][string]> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  try {
    await within(check.timeoutMs, check.check());
    return { status: 'up', ms: elapsed() };
  } catch (error) {
    return { status: 'down', ms: elapsed(), reason: (error as Error).message };
  }
}

async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
