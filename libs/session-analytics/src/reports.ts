import type { ReportRange } from './report-range.js';
import type { SuspicionKind } from './suspicion.js';
import type { UtcDay } from './utc-day.js';

/** What was counted in a range of days. */
export interface Report<Row> {
  readonly range: ReportRange;
  /** When today was counted last, whatever the range; undefined before the first time. */
  readonly computedAt: Date | undefined;
  readonly rows: readonly Row[];
}

/** A day that was counted; there is none from before the first event. */
interface CountedDay {
  readonly day: UtcDay;
  readonly computedAt: Date;
}

export interface ActivityDay extends CountedDay {
  readonly activeUsers: number;
  readonly activeSessions: number;
  readonly sessionsOpened: number;
  readonly usersRegistered: number;
  readonly failedLogins: number;
  readonly limitedLogins: number;
}

export interface RefreshDay extends CountedDay {
  readonly rotations: number;
  readonly replays: number;
  readonly reuses: number;
  readonly fromTheFuture: number;
}

export interface RevocationDay extends CountedDay {
  readonly reason: string;
  /** Ended one by one. */
  readonly sessions: number;
  /** Of which everything was ended. */
  readonly accounts: number;
}

export interface DeviceUse {
  readonly device: string;
  readonly sessionsOpened: number;
  /** A session that was used on three days counts three times. */
  readonly sessionDays: number;
}

export interface Suspicion {
  readonly id: string;
  readonly kind: SuspicionKind;
  readonly firstAt: Date;
  /** `firstAt` to the microsecond, where a page goes on. */
  readonly position: string;
  readonly lastAt: Date;
  readonly events: number;
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** Of the first event; null once that is gone, or anonymised. */
  readonly ip: string | null;
  readonly deviceName: string | null;
}
