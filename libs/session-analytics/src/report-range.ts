import { InvalidInputError } from '@app/errors';
import { addDays, lengthInDays, type UtcDay } from './utc-day.js';

/** Days that a report is about, both included. */
export interface ReportRange {
  readonly from: UtcDay;
  readonly to: UtcDay;
}

/** What a reader said of it. */
export interface AskedRange {
  readonly from?: UtcDay | undefined;
  readonly to?: UtcDay | undefined;
}

export const MOST_DAYS = 400;
const DAYS_UNLESS_ASKED = 30;

/**
 * The range to report on: up to today, and 30 days, unless asked otherwise.
 *
 * @throws {InvalidInputError} for one that ends before it begins, or has more than 400 days
 */
export function reportRange(asked: AskedRange, today: UtcDay): ReportRange {
  const { to = today } = asked;
  const { from = addDays(to, 1 - DAYS_UNLESS_ASKED) } = asked;
  const days = lengthInDays(from, to);
  if (days < 1) throw new InvalidInputError([{ path: 'from', message: `Must not be after the last day, ${to}.` }]);
  if (days > MOST_DAYS) throw new InvalidInputError([{ path: 'from', message: `At most ${MOST_DAYS} days at once.` }]);
  return { from, to };
}
