import { InvalidInputError } from '@app/errors';
import { assertStorable } from './storable-text.js';

const refusalOf = (value: unknown) => {
  try {
    assertStorable(value);
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('text that is to be stored', () => {
  it.each([['a plain text'], ['😀 \ufffe'], [{ list: ['a', 1, null, undefined, true] }], [undefined]])(
    'lets %j pass',
    (value) => expect(refusalOf(value)).toBeUndefined(),
  );

  it.each([['a\0b'], ['\ud800'], ['x\udfff']])('refuses %j', (text) => {
    expect(refusalOf(text)).toBeInstanceOf(InvalidInputError);
  });

  it('names every place that is wrong', () => {
    const refusal = refusalOf({ passages: [{ text: 'fine' }, { text: '\0' }], stem: '\ud800' });
    expect((refusal as InvalidInputError).details.errors.map(({ path }) => path)).toEqual(['passages.1.text', 'stem']);
  });
});
