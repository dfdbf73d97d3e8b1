import { addDays, dayOf, lengthInDays, startOf } from './utc-day.js';

describe('a day in UTC', () => {
  it.each([
    ['2026-11-22T00:00:00.000Z', '2026-11-22'],
    ['2026-11-21T23:59:59.999Z', '2026-11-21'],
    ['2026-11-22T08:59:59+09:00', '2026-11-21'],
    ['2026-11-22T20:00:00-05:00', '2026-11-23'],
  ])('has %s in %s', (time, day) => expect(dayOf(new Date(time))).toBe(day));

  it('begins at midnight in UTC', () => {
    expect(startOf('2026-03-29')).toEqual(new Date('2026-03-29T00:00:00.000Z'));
  });

  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2027-01-01', -1, '2026-12-31'],
    ['2026-03-28', 2, '2026-03-30'],
  ])('%s and %d days are %s', (day, days, other) => expect(addDays(day, days)).toBe(other));

  it('counts both ends', () => {
    expect(lengthInDays('2026-11-22', '2026-11-22')).toBe(1);
    expect(lengthInDays('2026-01-01', '2026-12-31')).toBe(365);
    expect(lengthInDays('2026-11-22', '2026-11-21')).toBe(0);
  });
});
