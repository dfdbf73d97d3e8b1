import { addDays, DAY_MS, startOf, type UtcDay } from './utc-day.js';

/** How far counting has come with a day. */
export interface DayStanding {
  readonly day: UtcDay;
  /** When its events were counted last; null: never. */
  readonly computedAt: Date | null;
}

/** Events are written behind: for so long after a day's end those that come late are still counted. */
export const LATE_EVENTS_MS = 2 * DAY_MS;
const COUNT_ANEW_EVERY_MS = 3_600_000;

/** True while the day was not over when it was counted. */
export function isPreliminary({ day, computedAt }: { readonly day: UtcDay; readonly computedAt: Date }): boolean {
  return computedAt < endOf(day);
}

/**
 * Whether a day is to be counted now: one that never was, or that was not over then, each time; then once an hour,
 * until it was counted two days after its end. After that its numbers stay for good.
 */
export function isDue({ day, computedAt }: DayStanding, now: Date): boolean {
  if (computedAt === null || isPreliminary({ day, computedAt })) return true;
  if (computedAt.getTime() >= endOf(day).getTime() + LATE_EVENTS_MS) return false;
  return now.getTime() - computedAt.getTime() >= COUNT_ANEW_EVERY_MS;
}

function endOf(day: UtcDay): Date {
  return startOf(addDays(day, 1));
}
