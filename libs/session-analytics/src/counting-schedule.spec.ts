import { isDue, isPreliminary } from './counting-schedule.js';

const day = '2026-11-22';
const at = (text: string) => new Date(`2026-11-${text}Z`);
const due = (computedAt: Date | null, now: Date) => isDue({ day, computedAt }, now);

describe('counting a day', () => {
  it('is due when it never was done, however long ago the day is', () => {
    expect(due(null, at('22T12:00:00'))).toBe(true);
    expect(due(null, new Date('2036-01-01T00:00:00Z'))).toBe(true);
  });

  it('is due each time while the day lasts, and once more right after', () => {
    expect(due(at('22T12:00:00'), at('22T12:00:01'))).toBe(true);
    expect(due(at('22T23:59:59.999'), at('23T00:00:00'))).toBe(true);
    expect(due(at('22T23:59:59.999'), at('29T00:00:00'))).toBe(true);
  });

  it('is due once an hour for two days after, for events that come late', () => {
    expect(due(at('23T00:00:00'), at('23T00:59:59.999'))).toBe(false);
    expect(due(at('23T00:00:00'), at('23T01:00:00'))).toBe(true);
    expect(due(at('24T23:30:00'), at('25T00:29:00'))).toBe(false);
    expect(due(at('24T23:30:00'), at('25T00:30:00'))).toBe(true);
  });

  it('is done for good once it was done two days after the end', () => {
    expect(due(at('25T00:00:00'), at('25T12:00:00'))).toBe(false);
    expect(due(at('24T23:59:59.999'), at('30T12:00:00'))).toBe(true);
  });

  it('before the end is preliminary', () => {
    expect(isPreliminary({ day, computedAt: at('22T23:59:59.999') })).toBe(true);
    expect(isPreliminary({ day, computedAt: at('23T00:00:00') })).toBe(false);
  });
});
