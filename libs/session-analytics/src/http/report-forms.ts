import { timeSchema } from '@app/http';
import { z } from 'zod';
import { isPreliminary } from '../counting-schedule.js';
import type { ActivityDay, DeviceUse, RefreshDay, RevocationDay } from '../reports.js';
import { dayView, ReportForm } from './report-form.js';

const countedDay = z.object({
  day: dayView,
  preliminary: z.boolean().describe('The day was not over when it was counted.'),
  computedAt: timeSchema.describe('When the day was counted.'),
});
const COUNTED_EXAMPLE = { day: '2026-11-22', preliminary: true, computedAt: '2026-11-22T09:30:00.000Z' };

function toCountedDay(counted: Pick<ActivityDay, 'day' | 'computedAt'>): z.output<typeof countedDay> {
  const { day, computedAt } = counted;
  return { day, preliminary: isPreliminary(counted), computedAt: computedAt.toISOString() };
}

export const activityForm = new ReportForm({
  id: 'SessionActivityReport',
  fileName: 'session-activity',
  row: countedDay.extend({
    activeUsers: z.int().describe('Accounts that logged in, renewed their tokens, or changed how they log in.'),
    activeSessions: z.int().describe('Sessions that were opened or renewed.'),
    sessionsOpened: z.int().describe('Logins.'),
    usersRegistered: z.int(),
    failedLogins: z.int().describe('With a wrong address or password.'),
    limitedLogins: z.int().describe('Minutes in which a limit on logins refused some, for each limit.'),
  }),
  example: {
    ...COUNTED_EXAMPLE,
    activeUsers: 41,
    activeSessions: 52,
    sessionsOpened: 30,
    usersRegistered: 3,
    failedLogins: 4,
    limitedLogins: 0,
  },
  toRow: ({ day, computedAt, ...numbers }: ActivityDay) => ({ ...toCountedDay({ day, computedAt }), ...numbers }),
});

export const refreshForm = new ReportForm({
  id: 'RefreshHealthReport',
  fileName: 'refresh-health',
  row: countedDay.extend({
    rotations: z.int().describe('Refresh tokens that were changed for their successor.'),
    replays: z.int().describe('Answers that were given again: two tabs, or a reply that was lost.'),
    reuses: z.int().describe('Tokens that had been replaced longer ago; each ended its session.'),
    fromTheFuture: z
      .int()
      .describe('Tokens that have not been given out yet: a database that was set back, or a leak.'),
  }),
  example: { ...COUNTED_EXAMPLE, rotations: 811, replays: 9, reuses: 0, fromTheFuture: 0 },
  toRow: ({ day, computedAt, ...numbers }: RefreshDay) => ({ ...toCountedDay({ day, computedAt }), ...numbers }),
});

export const revocationForm = new ReportForm({
  id: 'RevocationReport',
  fileName: 'session-revocations',
  row: countedDay.extend({
    reason: z.string().describe('Such as `logout`, `session_limit`, `refresh_reused`, `admin`. More may come.'),
    sessions: z.int().describe('Sessions that were ended one by one.'),
    accounts: z.int().describe('Times that all sessions of an account were ended at once.'),
  }),
  example: { ...COUNTED_EXAMPLE, reason: 'logout', sessions: 17, accounts: 0 },
  toRow: ({ day, computedAt, ...numbers }: RevocationDay) => ({ ...toCountedDay({ day, computedAt }), ...numbers }),
});

export const deviceForm = new ReportForm({
  id: 'DeviceReport',
  fileName: 'session-devices',
  row: z.object({
    device: z.string().describe('Browser and operating system; `Other` for what is rare.'),
    sessionsOpened: z.int().describe('Logins.'),
    sessionDays: z.int().describe('Days on which sessions were opened or renewed, over all sessions.'),
  }),
  example: { device: 'Firefox on Linux', sessionsOpened: 12, sessionDays: 31 },
  toRow: ({ device, sessionsOpened, sessionDays }: DeviceUse) => ({ device, sessionsOpened, sessionDays }),
});
