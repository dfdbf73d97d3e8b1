import type { ActivityDay } from './reports.js';
import { summarise } from './summary.js';

const day = (date: string, activeUsers: number, computedAt = '2026-11-30T00:00:00Z'): ActivityDay => ({
  day: date,
  computedAt: new Date(computedAt),
  activeUsers,
  activeSessions: 50,
  sessionsOpened: 7,
  usersRegistered: 2,
  failedLogins: 3,
  limitedLogins: 1,
});
const nothing = { activity: [], refreshes: [], revocations: [], suspicious: [] };

describe('the summary of days', () => {
  it('of none is nothing, and no average', () => {
    expect(summarise(nothing)).toEqual({
      days: 0,
      activeUsers: { average: null, most: 0 },
      totals: { sessionsOpened: 0, usersRegistered: 0, failedLogins: 0, limitedLogins: 0 },
      refreshes: { rotations: 0, replays: 0, reuses: 0, fromTheFuture: 0 },
      revocations: { sessions: 0, accounts: 0 },
      suspicious: [],
    });
  });

  it('adds up what can be added, and gives the average and the most of who cannot', () => {
    const at = { day: '2026-11-20', computedAt: new Date('2026-11-30T00:00:00Z') };
    const summary = summarise({
      activity: [day('2026-11-20', 10), day('2026-11-21', 11), day('2026-11-22', 11)],
      refreshes: [
        { ...at, rotations: 100, replays: 4, reuses: 1, fromTheFuture: 0 },
        { ...at, day: '2026-11-21', rotations: 50, replays: 2, reuses: 0, fromTheFuture: 1 },
      ],
      revocations: [
        { ...at, reason: 'logout', sessions: 5, accounts: 0 },
        { ...at, reason: 'password_reset', sessions: 0, accounts: 2 },
      ],
      suspicious: [{ kind: 'code_guessing', count: 1 }],
    });
    expect(summary).toEqual({
      days: 3,
      activeUsers: { average: 10.7, most: 11 },
      totals: { sessionsOpened: 21, usersRegistered: 6, failedLogins: 9, limitedLogins: 3 },
      refreshes: { rotations: 150, replays: 6, reuses: 1, fromTheFuture: 1 },
      revocations: { sessions: 5, accounts: 2 },
      suspicious: [{ kind: 'code_guessing', count: 1 }],
    });
  });

  it('leaves a day that is not over out of the average', () => {
    const activity = [day('2026-11-20', 10), day('2026-11-21', 1, '2026-11-21T08:00:00Z')];
    expect(summarise({ ...nothing, activity }).activeUsers).toEqual({ average: 10, most: 10 });
  });
});
