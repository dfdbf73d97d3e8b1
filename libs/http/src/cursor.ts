import { InvalidInputError } from '@app/errors';
import type { z } from 'zod';
import { assertStorable } from './storable-text.js';

/** Makes the opaque cursor that stands for the last row of a page. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * Reads a cursor back.
 *
 * @throws {InvalidInputError} for anything this list did not hand out
 */
export function decodeCursor<Position>(cursor: string, position: z.ZodType<Position>): Position {
  try {
    const decoded = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    assertStorable(decoded);
    return decoded;
  } catch {
    throw new InvalidInputError([{ path: 'cursor', message: 'Use the nextCursor of the page before, unchanged.' }]);
  }
}
