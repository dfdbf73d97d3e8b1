import { z } from 'zod';
import { SUSPICION_KINDS } from '../suspicion.js';
import type { SummaryReport } from '../summary.js';
import { REPORT_EXAMPLE, reportView, toReportView } from './report-form.js';

export const summaryView = reportView
  .extend({
    days: z.int().describe('Days of the range that were counted.'),
    activeUsers: z.object({
      average: z.number().nullable().describe('Of the days that are over; null without any.'),
      most: z.int().describe('On one day.'),
    }),
    totals: z.object({
      sessionsOpened: z.int(),
      usersRegistered: z.int(),
      failedLogins: z.int(),
      limitedLogins: z.int(),
    }),
    refreshes: z.object({ rotations: z.int(), replays: z.int(), reuses: z.int(), fromTheFuture: z.int() }),
    revocations: z.object({ sessions: z.int(), accounts: z.int() }),
    suspicious: z.array(z.object({ kind: z.enum(SUSPICION_KINDS), count: z.int() })),
  })
  .meta({
    id: 'SessionSummary',
    example: {
      ...REPORT_EXAMPLE,
      days: 1,
      activeUsers: { average: null, most: 41 },
      totals: { sessionsOpened: 30, usersRegistered: 3, failedLogins: 4, limitedLogins: 0 },
      refreshes: { rotations: 811, replays: 9, reuses: 0, fromTheFuture: 0 },
      revocations: { sessions: 17, accounts: 2 },
      suspicious: [{ kind: 'password_guessing', count: 1 }],
    },
  });

export function toSummaryView({ range, computedAt, ...summary }: SummaryReport): z.input<typeof summaryView> {
  return { ...toReportView({ range, computedAt }), ...summary, suspicious: [...summary.suspicious] };
}
