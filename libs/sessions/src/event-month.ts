/** A calendar month in UTC: what one partition of the events holds. */
export interface EventMonth {
  /** E.g. `2026_11`. */
  readonly name: string;
  readonly from: Date;
  /** Excluded. */
  readonly until: Date;
}

/** The month that a time is in, and those after it. */
export function monthsFrom(time: Date, count: number): EventMonth[] {
  return Array.from({ length: count }, (_, index) => {
    const from = startOfMonth(time, index);
    return {
      name: from.toISOString().slice(0, 7).replace('-', '_'),
      from,
      until: startOfMonth(time, index + 1),
    };
  });
}

function startOfMonth(time: Date, monthsLater: number): Date {
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + monthsLater));
}
