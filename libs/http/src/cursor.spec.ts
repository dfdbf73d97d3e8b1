import { InvalidInputError } from '@app/errors';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';

const id = '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80';

describe('a cursor', () => {
  it('comes back as it was, and is safe in a URL', () => {
    const position = { id, name: 'ü/?&=+' };
    const cursor = encodeCursor(position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(cursor, z.object({ id: z.uuid(), name: z.string() }))).toEqual(position);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'abc'],
    ['no base64url', '%%%'],
    ['the position of another list', encodeCursor('a-slug')],
    ['an injection', encodeCursor("' OR 1=1 --")],
    ['null', encodeCursor(null)],
  ])('is refused as bad input when it is %s', (_, cursor) => {
    expect(() => decodeCursor(cursor, z.uuid())).toThrow(InvalidInputError);
  });
});
