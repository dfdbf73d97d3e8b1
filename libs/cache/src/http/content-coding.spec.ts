import { negotiateCoding } from './content-coding.js';

describe('negotiateCoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0.5,gzip;q=0.5', 'br'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=0.5, identity;q=0.8', 'identity'],
    ['gzip;q=0.8, identity;q=0.5', 'gzip'],
    ['identity', 'identity'],
    ['identity;q=0', 'identity'],
    ['*;q=0', 'identity'],
    ['br;q=nan, gzip;q=2', 'identity'],
    ['nonsense, ,,;;;q', 'identity'],
  ])('of %j is %s', (header, coding) => expect(negotiateCoding(header)).toBe(coding));

  it('is the same again, and does not remember whatever clients make up', () => {
    for (let index = 0; index < 1000; index += 1) negotiateCoding(`made-up-${index}`);
    expect(negotiateCoding('made-up-1, gzip')).toBe('gzip');
    expect(negotiateCoding('gzip, deflate, br')).toBe('br');
  });
});
