import { Clock } from '@app/clock';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

export interface WatchedAttempt {
  readonly attemptId: string;
  readonly deadlineAt: Date;
  /** The database's clock when `deadlineAt` was read. */
  readonly serverTime: Date;
}

export interface TimeLeft {
  readonly attemptId: string;
  readonly secondsLeft: number;
  readonly deadlineAt: string;
}

interface Watch {
  readonly deadlineMs: number;
  /** Database clock less this process's. */
  readonly offsetMs: number;
  watchers: number;
  /** Seconds left at the tick before. */
  seenSeconds: number;
}

const EVERY_MS = 1000;
/** Every minute, and more often towards the end. */
const isMark = (secondsLeft: number) => secondsLeft % 60 === 0 || secondsLeft === 30 || secondsLeft <= 10;
/** The next mark at or below. */
const markBelow = (seconds: number): number => (isMark(seconds) ? seconds : markBelow(seconds - 1));

/** Counts down for the attempts that sockets of this process watch; one timer for all of them. */
@Injectable()
export class TimeLeftTicker implements OnApplicationShutdown {
  private readonly watches = new Map<string, Watch>();
  private timer: NodeJS.Timeout | undefined;
  private emit: (timeLeft: TimeLeft) => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  onTick(emit: (timeLeft: TimeLeft) => void): void {
    this.emit = emit;
  }

  watch({ attemptId, deadlineAt, serverTime }: WatchedAttempt): void {
    const known = this.watches.get(attemptId);
    if (known !== undefined) {
      known.watchers += 1;
      return;
    }
    this.watches.set(attemptId, {
      deadlineMs: deadlineAt.getTime(),
      offsetMs: serverTime.getTime() - this.clock.now(),
      watchers: 1,
      seenSeconds: Number.POSITIVE_INFINITY,
    });
    this.timer ??= setInterval(() => this.tick(), EVERY_MS).unref();
  }

  unwatch(attemptId: string): void {
    const watch = this.watches.get(attemptId);
    if (watch === undefined) return;
    watch.watchers -= 1;
    if (watch.watchers === 0) this.forget(attemptId);
  }

  forget(attemptId: string): void {
    this.watches.delete(attemptId);
    if (this.watches.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Tells the watchers of every attempt that has come to a mark; each mark once, though a tick may come late. */
  tick(): void {
    const now = this.clock.now();
    for (const [attemptId, watch] of this.watches) {
      const { deadlineMs, offsetMs, seenSeconds } = watch;
      const secondsLeft = Math.max(0, Math.round((deadlineMs - now - offsetMs) / 1000));
      watch.seenSeconds = secondsLeft;
      const isFirst = seenSeconds === Number.POSITIVE_INFINITY;
      const reached = isFirst
        ? isMark(secondsLeft)
        : secondsLeft < seenSeconds && markBelow(seenSeconds - 1) >= secondsLeft;
      if (reached) this.emit({ attemptId, secondsLeft, deadlineAt: new Date(deadlineMs).toISOString() });
    }
  }
}
