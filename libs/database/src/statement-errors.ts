/** True when a statement failed on the named unique index or constraint. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return hasCode(error) && error.code === '23505' && error.constraint === constraint;
}

/** True when a parameter holds U+0000, which Postgres stores neither in text (22021) nor in JSON (22P05). */
export function meansUnstorableText(error: unknown): boolean {
  return hasCode(error) && (error.code === '22021' || error.code === '22P05');
}

interface DatabaseError {
  readonly code: string;
  readonly constraint?: string;
}

function hasCode(error: unknown): error is DatabaseError {
  return typeof error === 'object' && error !== null && 'code' in error;
}
