import { InvalidInputError, type FieldError } from '@app/errors';

/**
 * Refuses text that Postgres cannot store: NUL, and half a surrogate pair. Give it validated values only: it goes as
 * deep as they do.
 *
 * @throws {InvalidInputError}
 */
export function assertStorable(value: unknown): void {
  const errors = unstorable(value, []);
  if (errors.length > 0) throw new InvalidInputError(errors);
}

function unstorable(value: unknown, path: readonly string[]): FieldError[] {
  if (typeof value === 'string') {
    return value.includes('\0') || !value.isWellFormed()
      ? [{ path: path.join('.'), message: 'Text may hold neither NUL nor half a surrogate pair.' }]
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => unstorable(member, [...path, key]));
}
