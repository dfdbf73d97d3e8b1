import { z } from 'zod';
import { DURATION, LIFETIME } from './accepted-forms.js';
import { sessionPolicies } from './session-policies.js';
import { domain, durationMs, lifetimeMs, whole } from './value-schemas.js';
import type { Variable } from './variables.js';

const DAY_MS = 86_400_000;

/** Variables of tokens and sessions. */
export const TOKEN_VARIABLES = {
  AUTH_SECRET: {
    schema: z.string().min(32),
    accepts: 'at least 32 random characters, e.g. from `openssl rand -base64 48`',
    description:
      'Root of the refresh-token key and of the encryption of signing keys at rest. Generated under `DATA_DIR` with the embedded database, required elsewhere.',
    secret: true,
  },
  ACCESS_TOKEN_TTL: {
    schema: lifetimeMs,
    fallback: '10m',
    accepts: LIFETIME,
    description: 'Longest life of an access token (each gets 0-10 % less, so that renewals spread).',
  },
  SIGNING_KEY_PROPAGATION: {
    schema: durationMs.pipe(z.number().min(2000)),
    fallback: '30s',
    accepts: 'a duration of at least 2s: seconds, or 90s, 15m, 12h, 14d',
    description: 'How long a new signing key is published before it signs; key sets may be kept half as long.',
  },
  REFRESH_TOKEN_IDLE_TTL: {
    schema: lifetimeMs,
    fallback: '14d',
    accepts: LIFETIME,
    description: 'A session not refreshed for this long ends.',
  },
  REFRESH_TOKEN_ABSOLUTE_TTL: {
    schema: lifetimeMs,
    fallback: '90d',
    accepts: LIFETIME,
    description: 'A session ends this long after its login, however active.',
  },
  REFRESH_TOKEN_GRACE: {
    schema: durationMs,
    fallback: '30s',
    accepts: DURATION,
    description: 'How long the previous refresh token still gets the same successor (two tabs, lost reply).',
  },
  ACCESS_CHECK: {
    schema: z.enum(['strict', 'streamed']),
    fallback: 'strict',
    accepts: 'strict or streamed',
    description:
      'How a request learns that its session is in force: `strict` asks the token store each time; `streamed` looks into the memory of its process, and a logout waits until every process knows of it.',
  },
  AUTH_EVENT_RETENTION: {
    schema: durationMs.pipe(
      z
        .number()
        .min(7 * DAY_MS)
        .max(36_500 * DAY_MS),
    ),
    fallback: '400d',
    accepts: 'a duration from 7d to 36500d',
    description:
      'How long it is kept what happened to accounts and sessions (logins, revocations, the audit log): at least so long, and a month more at most. The numbers of days gone by stay.',
  },
  SESSION_LIMIT: {
    schema: whole(1, 1000),
    fallback: '20',
    accepts: 'a number, 1 to 1000',
    description: 'Live sessions of one user; a further login ends the one idle longest.',
  },
  STEP_UP_TTL: {
    schema: lifetimeMs,
    fallback: '10m',
    accepts: LIFETIME,
    description: 'How long after a login or `POST /auth/step-up` routes that change how one logs in are open.',
  },
  PASSKEY_DOMAIN: {
    schema: domain,
    accepts: 'a domain such as school.example',
    description:
      'What passkeys are for: the host of `PUBLIC_URL`, or a domain it is in. That host unless set; after a change nobody can use the passkeys they have.',
  },
  SESSION_POLICIES: {
    schema: sessionPolicies,
    fallback: 'admin:idle=1d,absolute=14d',
    accepts: 'roles with what differs for them, such as admin:idle=8h,absolute=7d,grace=5s,limit=3;teacher:idle=7d',
    description:
      'What differs for a role from the variables above; of several roles the strictest value applies. Holds for sessions opened from then on.',
  },
} as const satisfies Record<string, Variable>;
