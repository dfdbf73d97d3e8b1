import { InvalidInputError } from '@app/errors';
import { reportRange } from './report-range.js';

const today = '2026-11-22';

describe('the range of a report', () => {
  it.each([
    [{}, { from: '2026-10-24', to: today }],
    [{ from: '2026-11-20' }, { from: '2026-11-20', to: today }],
    [{ to: '2026-03-01' }, { from: '2026-01-31', to: '2026-03-01' }],
    [
      { from: '2026-11-22', to: '2026-11-22' },
      { from: '2026-11-22', to: '2026-11-22' },
    ],
    [
      { from: '2025-10-19', to: '2026-11-22' },
      { from: '2025-10-19', to: '2026-11-22' },
    ],
    [
      { from: '2027-01-01', to: '2027-01-02' },
      { from: '2027-01-01', to: '2027-01-02' },
    ],
  ])('of %j is %j', (asked, range) => expect(reportRange(asked, today)).toEqual(range));

  it.each([
    { from: '2026-11-23' },
    { from: '2026-11-02', to: '2026-11-01' },
    { from: '2025-10-18', to: '2026-11-22' },
    { from: '2000-01-01' },
  ])('is not %j', (asked) => expect(() => reportRange(asked, today)).toThrow(InvalidInputError));
});
