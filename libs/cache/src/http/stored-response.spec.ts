import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { responseCodec, StoredResponse } from './stored-response.js';

const SMALL = Buffer.from('{"a":"\u00fc"}');
const LARGE = Buffer.from(JSON.stringify(Array.from({ length: 300 }, (_, index) => ({ index, text: 'the same' }))));

describe('StoredResponse', () => {
  it.each([
    ['a small body', SMALL],
    ['an empty body', Buffer.alloc(0)],
    ['a large body', LARGE],
  ])('gives %s in every coding, also after it was stored', async (_, body) => {
    const made = await StoredResponse.of(body);
    for (const response of [made, responseCodec.decode(responseCodec.encode(made))]) {
      expect(response.length).toBe(body.length);
      expect(response.body(response.codingFor('identity'))).toEqual(body);
      expect(unpacked(response, 'gzip')).toEqual(body);
      expect(unpacked(response, 'br')).toEqual(body);
    }
  });

  it('has another entity tag for each coding, and none for a coding that it does not have', async () => {
    const large = await StoredResponse.of(LARGE);
    const tags = (['identity', 'gzip', 'br'] as const).map((coding) => large.entityTag(large.codingFor(coding)));
    expect(new Set(tags).size).toBe(3);
    const small = await StoredResponse.of(SMALL);
    expect(small.codingFor('br')).toBe('identity');
  });

  it('is counted with the body that it may be asked for', async () => {
    const bytes = responseCodec.encode(await StoredResponse.of(LARGE));
    expect(responseCodec.sizeOf(bytes)).toBe(bytes.length + LARGE.length);
    expect(bytes.length).toBeLessThan(LARGE.length / 4);
  });
});

function unpacked(response: StoredResponse, wanted: 'gzip' | 'br'): Buffer {
  const coding = response.codingFor(wanted);
  const body = response.body(coding);
  if (coding === 'gzip') return gunzipSync(body);
  return coding === 'br' ? brotliDecompressSync(body) : body;
}
