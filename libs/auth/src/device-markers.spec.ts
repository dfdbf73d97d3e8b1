import { DeviceMarkers } from './device-markers.js';

const markers = new DeviceMarkers({ secret: 'a secret of at least thirty-two letters' });
const EMAIL = 'mei@example.org';

describe('a device marker', () => {
  it('names device and epoch to the account it is of, however the address is written', () => {
    const token = markers.issue(EMAIL, 7);
    const read = markers.read(token, EMAIL);
    expect(read).toEqual({ id: expect.stringMatching(/^[\w-]{22}$/), epoch: 7 });
    expect(markers.read(token, 'MEI@Example.org')).toEqual(read);
    expect(markers.issue(EMAIL, 7)).not.toBe(token);
    expect(markers.read(markers.issue(EMAIL, 8, read?.id), EMAIL)).toEqual({ id: read?.id, epoch: 8 });
  });

  it('says nothing to another account, under another secret, or once changed', () => {
    const token = markers.issue(EMAIL, 7);
    expect(markers.read(token, 'kai@example.org')).toBeUndefined();
    const others = new DeviceMarkers({ secret: 'another secret of thirty-two letters or more' });
    expect(others.read(token, EMAIL)).toBeUndefined();
    for (let index = 3; index < token.length; index += 1) {
      const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
      expect(markers.read(changed, EMAIL)).toBeUndefined();
    }
  });

  it.each(['', 'd1.', 'd1.AAAA', `d1.${'A'.repeat(48)}`, `d1.${'A'.repeat(49)}`, `d2.${'A'.repeat(48)}`, '💥'])(
    'is not %j',
    (token) => {
      expect(markers.read(token, EMAIL)).toBeUndefined();
    },
  );
});
