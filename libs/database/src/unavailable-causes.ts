import { isNativeError } from 'node:util/types';

/**
 * Errors that mean "Postgres cannot answer now", by SQLSTATE class (08 connection, 53 resources, 57 operator
 * intervention, statement timeout included), by system error, and by the message of the pool.
 */
const CODES =
  /^(08|53|57)[0-9A-Z]{3}$|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENOENT|EAI_AGAIN)$/;
const MESSAGES =
  /timeout exceeded when trying to connect|connection terminated|connection error|query read timeout|cannot use a pool after/i;

export function meansDatabaseUnavailable(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  const { code } = error as Error & { readonly code?: unknown };
  return (typeof code === 'string' && CODES.test(code)) || MESSAGES.test(error.message);
}
