/** True when a statement failed on the named unique index or constraint. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return hasCode(error) && error.code === '23505' && error.constraint === constraint;
}

interface DatabaseError {
  readonly code: string;
  readonly constraint?: string;
}

function hasCode(error: unknown): error is DatabaseError {
  return typeof error === 'object' && error !== null && 'code' in error;
}
