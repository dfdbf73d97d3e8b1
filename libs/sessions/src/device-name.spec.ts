import { deviceNameOf } from './device-name.js';

describe('deviceNameOf', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      'Chrome on Windows',
    ],
    ['curl/8.9.1', 'curl'],
    ['MockingbirdApp/2.1 (build 5)', 'MockingbirdApp'],
    ['', 'Unknown device'],
    ['   ', 'Unknown device'],
  ])('calls "%s" %s', (userAgent, name) => expect(deviceNameOf(userAgent)).toBe(name));

  it('stays short whatever a client sends', () => {
    expect(deviceNameOf('x'.repeat(5000)).length).toBeLessThanOrEqual(80);
  });
});
