/** A day in UTC as `YYYY-MM-DD`. Such texts sort by time. */
export type UtcDay = string;

export const DAY_MS = 86_400_000;

export function dayOf(time: Date): UtcDay {
  return time.toISOString().slice(0, 10);
}

/** Its first moment. */
export function startOf(day: UtcDay): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day: UtcDay, days: number): UtcDay {
  return dayOf(new Date(startOf(day).getTime() + days * DAY_MS));
}

/** Days from one to another, both counted; 0 or less when they are the wrong way round. */
export function lengthInDays(from: UtcDay, to: UtcDay): number {
  return (startOf(to).getTime() - startOf(from).getTime()) / DAY_MS + 1;
}
