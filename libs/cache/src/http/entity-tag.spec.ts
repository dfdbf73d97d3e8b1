import { entityTagOf, matchesEntityTag } from './entity-tag.js';
import { packResponse, unpackResponse } from './stored-response.js';

const body = Buffer.from('{"a":1}');

describe('entityTagOf', () => {
  it('is a strong tag, the same for the same bytes and another for others', () => {
    expect(entityTagOf(body)).toMatch(/^"[\w-]{27}"$/);
    expect(entityTagOf(Buffer.from('{"a":1}'))).toBe(entityTagOf(body));
    expect(entityTagOf(Buffer.from('{"a":2}'))).not.toBe(entityTagOf(body));
  });
});

describe('matchesEntityTag', () => {
  it.each([['"x"'], ['W/"x"'], ['"a", "x"'], ['"a",W/"x" ,"b"'], ['*'], [' * ']])('sees the tag in %s', (header) => {
    expect(matchesEntityTag(header, '"x"')).toBe(true);
  });

  it.each([[undefined], [''], ['x'], ['"X"'], ['"xy"'], ['"a", "b"'], ['w/"x"']])('does not see it in %s', (header) => {
    expect(matchesEntityTag(header, '"x"')).toBe(false);
  });
});

describe('packResponse', () => {
  it.each([['{"a":1}'], [''], ['"quoted" \u00fc']])('gives body and tag back: %s', (text) => {
    const bytes = Buffer.from(text);
    const { tag, body: unpacked } = unpackResponse(packResponse(bytes));
    expect(unpacked).toEqual(bytes);
    expect(tag).toBe(entityTagOf(bytes));
  });
});
