import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '@app/database';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { NewestFlight } from './newest-flight.js';
import { REVOCATIONS_CHANNEL, RevocationLog, type LoggedRevocation, type LogPage } from './postgres/index.js';
import { ProjectionName, type ProjectionGeneration } from './projection-name.js';
import { RevocationView } from './revocation-view.js';
import { SessionRevocations } from './session-revocations.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';
import type { RevocationTarget } from './token-blacklist.js';

const BEAT_EVERY_MS = 250;
/** How long this process relies on what it read, counted from before it asked. */
const FRESH_MS = 700;
/** How long the ledger thinks it does: longer, so that clocks of different speed do no harm. */
const LEASE_MS = 1000;
const ASK_AGAIN_MS = 5;
const PRUNE_EVERY_MS = 60_000;

/**
 * Follows the revocation log, under a lease. While the lease holds, this process has applied every revocation that was
 * acknowledged anywhere; when it lapses, `current()` and `isFresh` say so and the ledger is asked instead.
 *
 * The lease is extended first and the log read after: whoever logs a revocation and then looks at the leases either
 * finds the extension, and waits, or had logged before the reading, which finds the revocation.
 */
@Injectable()
export class RevocationFeed extends ProjectionName implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RevocationFeed.name);
  private readonly id = randomUUID();
  private readonly beats = new NewestFlight<void>();
  private appliedSeq = 0;
  private name: ProjectionGeneration | undefined;
  private freshUntilMs = 0;
  private prunedAtMs = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private stopListening: (() => Promise<void>) | undefined;
  private failure = '';
  private ownProjection: ((target: RevocationTarget) => Promise<void>) | undefined;

  constructor(
    private readonly database: Database,
    private readonly log: RevocationLog,
    private readonly view: RevocationView,
    private readonly revocations: SessionRevocations,
    @Inject(SESSIONS_OPTIONS) private readonly options: Pick<SessionsOptions, 'accessCheck'>,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => void this.beatQuietly(), BEAT_EVERY_MS).unref();
    this.stopListening = await this.database.listen(REVOCATIONS_CHANNEL, () => void this.beatQuietly());
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.stopListening?.();
    await this.log.leave(this.id).catch(() => undefined);
  }

  /** Tells a projection that only this process has of every revocation, before the first request is served. */
  keepCurrent(apply: (target: RevocationTarget) => Promise<void>): void {
    this.ownProjection = apply;
  }

  /** True while every acknowledged revocation is known here. */
  get isFresh(): boolean {
    return performance.now() < this.freshUntilMs;
  }

  current(): ProjectionGeneration | undefined {
    return this.isFresh ? this.name : undefined;
  }

  async claim(incarnation: string): Promise<void> {
    const { seq } = await this.log.claim(incarnation);
    // Also when another instance named it first: that one may still be waiting.
    await this.settle(seq, true);
    await this.beat();
  }

  /** What this process learnt from its own writing, before the log comes round. */
  learn(generation: number): void {
    if (this.name !== undefined && this.name.generation < generation) this.name = { ...this.name, generation };
  }

  /** Puts a revocation of this process in force here, without waiting for the log to come round. */
  async apply(revocation: LoggedRevocation): Promise<void> {
    const { target } = revocation;
    this.view.add(revocation);
    await this.ownProjection?.(target);
    this.revocations.announce(target);
  }

  /**
   * Waits until every instance with a lease has applied the log up to `seq`: those that keep a copy of their own, or
   * `everybody`. Bounded by the length of a lease, even if the ledger cannot be asked.
   */
  async settle(seq: number, everybody: boolean): Promise<void> {
    const deadline = performance.now() + LEASE_MS;
    for (;;) {
      const awaited = await this.log.isAwaited(this.id, seq, everybody).catch(() => true);
      if (!awaited || performance.now() > deadline) return;
      await sleep(ASK_AGAIN_MS);
    }
  }

  /** Extends the lease and applies what is new; what is read was committed after this was called or before. */
  beat(): Promise<void> {
    return this.beats.run('', () => this.followLog());
  }

  private async followLog(): Promise<void> {
    const askedAtMs = performance.now();
    const ownCopy = this.ownProjection !== undefined || this.options.accessCheck === 'streamed';
    await this.log.renew({ id: this.id, appliedSeq: this.appliedSeq, ownCopy }, LEASE_MS);
    const known = this.appliedSeq;
    const page = await this.log.since(known);
    await this.applyPage(page);
    this.freshUntilMs = askedAtMs + FRESH_MS;
    if (page.seq > known) await this.log.acknowledge(this.id, page.seq);
    if (askedAtMs - this.prunedAtMs > PRUNE_EVERY_MS) await this.prune(askedAtMs);
  }

  private async applyPage({ seq, generation, incarnation, revocations }: LogPage): Promise<void> {
    for (const revocation of revocations) await this.apply(revocation);
    // A page read before this process renamed the projection itself does not bring the old name back.
    this.name = { generation: Math.max(generation, this.name?.generation ?? 0), incarnation };
    this.appliedSeq = seq;
  }

  private async prune(nowMs: number): Promise<void> {
    this.prunedAtMs = nowMs;
    this.view.prune();
    await this.log.prune();
  }

  private async beatQuietly(): Promise<void> {
    try {
      await this.beat();
      this.failure = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.failure) this.logger.warn(`The revocation log cannot be read: ${message}`);
      this.failure = message;
    }
  }
}
