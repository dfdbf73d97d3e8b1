import { entityTagOf, matchesEntityTag } from './entity-tag.js';

const body = Buffer.from('{"a":1}');

describe('entityTagOf', () => {
  it('is the same for the same bytes and another for others', () => {
    expect(entityTagOf(body)).toMatch(/^[\w-]{27}$/);
    expect(entityTagOf(Buffer.from('{"a":1}'))).toBe(entityTagOf(body));
    expect(entityTagOf(Buffer.from('{"a":2}'))).not.toBe(entityTagOf(body));
  });
});

describe('matchesEntityTag', () => {
  it.each([
    ['"x"'],
    ['W/"x"'],
    ['"x.br"'],
    ['W/"x.gzip"'],
    ['"a", "x"'],
    ['"a",W/"x" ,"b"'],
    ['"a.br", "x.br"'],
    ['*'],
    [' * '],
  ])('sees the tag in %s', (header) => {
    expect(matchesEntityTag(header, 'x')).toBe(true);
  });

  it.each([[undefined], [''], ['x'], ['"X"'], ['"xy"'], ['"x.zip"'], ['"a", "b"'], ['w/"x"'], ['"'.repeat(5000)]])(
    'does not see it in %s',
    (header) => {
      expect(matchesEntityTag(header, 'x')).toBe(false);
    },
  );
});
