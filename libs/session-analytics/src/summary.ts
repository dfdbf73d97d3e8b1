import { isPreliminary } from './counting-schedule.js';
import type { ActivityDay, RefreshDay, Report, RevocationDay } from './reports.js';
import type { SuspicionKind } from './suspicion.js';

/** A range of days in a few numbers. */
export interface Summary {
  /** Days that were counted. */
  readonly days: number;
  readonly activeUsers: {
    /** Of the days that are over, to a tenth; null without any. */
    readonly average: number | null;
    readonly most: number;
  };
  readonly totals: Omit<ActivityDay, 'day' | 'computedAt' | 'activeUsers' | 'activeSessions'>;
  readonly refreshes: Omit<RefreshDay, 'day' | 'computedAt'>;
  readonly revocations: Pick<RevocationDay, 'sessions' | 'accounts'>;
  readonly suspicious: readonly { readonly kind: SuspicionKind; readonly count: number }[];
}

export interface Summarised {
  readonly activity: readonly ActivityDay[];
  readonly refreshes: readonly RefreshDay[];
  readonly revocations: readonly RevocationDay[];
  readonly suspicious: Summary['suspicious'];
}

export type SummaryReport = Omit<Report<never>, 'rows'> & Summary;

export function summarise({ activity, refreshes, revocations, suspicious }: Summarised): Summary {
  const over = activity.filter((day) => !isPreliminary(day));
  return {
    days: activity.length,
    activeUsers: {
      average: over.length === 0 ? null : Math.round((10 * sumOf(over, 'activeUsers')) / over.length) / 10,
      most: Math.max(0, ...activity.map(({ activeUsers }) => activeUsers)),
    },
    totals: {
      sessionsOpened: sumOf(activity, 'sessionsOpened'),
      usersRegistered: sumOf(activity, 'usersRegistered'),
      failedLogins: sumOf(activity, 'failedLogins'),
      limitedLogins: sumOf(activity, 'limitedLogins'),
    },
    refreshes: {
      rotations: sumOf(refreshes, 'rotations'),
      replays: sumOf(refreshes, 'replays'),
      reuses: sumOf(refreshes, 'reuses'),
      fromTheFuture: sumOf(refreshes, 'fromTheFuture'),
    },
    revocations: { sessions: sumOf(revocations, 'sessions'), accounts: sumOf(revocations, 'accounts') },
    suspicious,
  };
}

function sumOf<Member extends string>(rows: readonly Readonly<Record<Member, number>>[], member: Member): number {
  return rows.reduce((sum, row) => sum + row[member], 0);
}
