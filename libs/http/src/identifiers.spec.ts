import { v7 } from 'uuid';
import { earliestIdAt } from './identifiers.js';

describe('the earliest id at a time', () => {
  it('is below every id of that millisecond and above every one of the millisecond before', () => {
    const msecs = Date.parse('2026-11-27T12:00:00.000Z');
    const bound = earliestIdAt(new Date(msecs));
    const lowest = v7({ msecs, random: new Uint8Array(16), seq: 0 });
    const highestBefore = v7({ msecs: msecs - 1, random: new Uint8Array(16).fill(255), seq: 0xffffffff });
    expect([lowest, highestBefore, bound].toSorted()).toEqual([highestBefore, bound, lowest]);
  });

  it('is a UUID at the beginning of the epoch, too', () => {
    expect(earliestIdAt(new Date(0))).toBe('00000000-0000-0000-0000-000000000000');
  });
});
