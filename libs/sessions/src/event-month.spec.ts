import { monthsFrom } from './event-month.js';

describe('months of events', () => {
  it('begin with the one a time is in, and follow each other without a gap', () => {
    const months = monthsFrom(new Date('2026-11-30T23:59:59.999Z'), 4);
    expect(months.map(({ name }) => name)).toEqual(['2026_11', '2026_12', '2027_01', '2027_02']);
    expect(months[0]?.from).toEqual(new Date('2026-11-01T00:00:00Z'));
    for (const [index, { until }] of months.slice(0, -1).entries()) expect(until).toEqual(months[index + 1]?.from);
  });

  it.each([
    ['2028-02-29T12:00:00Z', '2028-03-01T00:00:00Z'],
    ['2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z'],
    ['2026-01-31T00:00:00Z', '2026-02-01T00:00:00Z'],
  ])('end, for %s, at %s', (time, until) => {
    expect(monthsFrom(new Date(time), 1)[0]?.until).toEqual(new Date(until));
  });
});
