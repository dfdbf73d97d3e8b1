import { problemContent } from '@app/http';
import { headersOf, type HeaderName } from './openapi-headers.js';

/** What any route may answer, as `components.responses`. */
export const PROBLEMS = {
  Malformed: problem(400, '`request.invalid` (then `errors` names the members) or `request.malformed`'),
  Unauthenticated: problem(
    401,
    '`auth.token_missing`, `auth.token_invalid`, `auth.token_expired` or `auth.session_revoked`',
    'WWW-Authenticate',
  ),
  Forbidden: problem(403, '`auth.role_required`'),
  TooLarge: problem(413, '`request.too_large`'),
  UnsupportedMediaType: problem(415, '`request.unsupported_media_type`: Send application/json.'),
  TooManyRequests: problem(
    429,
    '`rate_limit.exceeded`: Try again after `Retry-After` seconds.',
    'Retry-After',
    'RateLimit',
    'RateLimit-Policy',
  ),
  Unavailable: problem(503, '`server.unavailable` or `database.unavailable`', 'Retry-After'),
} as const;

export const PROBLEM_STATUS = {
  Malformed: 400,
  Unauthenticated: 401,
  Forbidden: 403,
  TooLarge: 413,
  UnsupportedMediaType: 415,
  TooManyRequests: 429,
  Unavailable: 503,
} as const satisfies Record<keyof typeof PROBLEMS, number>;

function problem(status: number, description: string, ...headers: HeaderName[]) {
  return {
    description,
    headers: headersOf(['X-Request-Id', ...headers]),
    content: problemContent(status, description),
  };
}
