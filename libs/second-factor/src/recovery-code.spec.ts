import { newRecoveryCodes, RecoveryCodeHashes } from './recovery-code.js';

const hashes = new RecoveryCodeHashes('a secret of at least thirty-two letters');

describe('recovery codes', () => {
  it('are ten different ones that can be copied by hand', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  });

  it.each(['7k2qf-0xm1d', '7K2QF0XM1D', ' 7k2qf 0xm1d ', '7K2QF-OXMID', '7k2qf-oxmld'])(
    'are the same typed as %j',
    (typed) => {
      expect(hashes.of('user', typed)).toEqual(hashes.of('user', '7K2QF-0XM1D'));
    },
  );

  it('have hashes that differ by code, by user and by secret', () => {
    const hash = hashes.of('user', '7K2QF-0XM1D');
    expect(hashes.of('user', '7K2QF-0XM2D')).not.toEqual(hash);
    expect(hashes.of('other', '7K2QF-0XM1D')).not.toEqual(hash);
    expect(new RecoveryCodeHashes('another secret of thirty-two letters').of('user', '7K2QF-0XM1D')).not.toEqual(hash);
  });
});
