import { z } from 'zod';
import { BOOLEAN, DURATION, SIZE } from './accepted-forms.js';
import { LIMIT_VARIABLES } from './limit-variables.js';
import { MAIL_VARIABLES } from './mail-variables.js';
import { TOKEN_VARIABLES } from './token-variables.js';
import { addressRange, durationMs, flag, list, origin, redisAddress, sizeBytes, whole } from './value-schemas.js';

/** One environment variable: how it is read, and what the documentation says of it. */
export interface Variable {
  readonly schema: z.ZodType;
  /** As it would be written in the environment; absent where there is none. */
  readonly fallback?: string;
  readonly accepts: string;
  readonly description: string;
  readonly secret?: true;
}

const variable = <const Declared extends Variable>(declared: Declared) => declared;

/** Every variable the product reads, in the order of the documentation. */
export const VARIABLES = {
  NODE_ENV: variable({
    schema: z.enum(['development', 'test', 'production']),
    fallback: 'development',
    accepts: 'development, test or production',
    description: 'Production refuses the embedded database, memory stores, demo accounts and placeholder secrets.',
  }),
  HOST: variable({
    schema: z.string().min(1),
    accepts: 'an address or host name',
    description: 'Where the server listens. `127.0.0.1` unless production, then `0.0.0.0`.',
  }),
  PORT: variable({
    schema: whole(0, 65_535),
    fallback: '3000',
    accepts: 'a port, 0 to 65535 (0: any free one)',
    description: 'Port of the HTTP and WebSocket server.',
  }),
  SERVICE_NAME: variable({
    schema: z.string().trim().min(1).max(64),
    fallback: 'Mockingbird',
    accepts: '1 to 64 characters',
    description: 'What authenticator apps and passkey prompts call this installation.',
  }),
  LOG_LEVEL: variable({
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    fallback: 'info',
    accepts: 'trace, debug, info, warn, error, fatal or silent',
    description: 'Least severe log record that is written.',
  }),
  REQUEST_TIMEOUT: variable({
    schema: durationMs,
    fallback: '30s',
    accepts: DURATION,
    description: 'Longest time a request may take before it is answered 503.',
  }),
  BODY_LIMIT: variable({
    schema: sizeBytes,
    fallback: '256kb',
    accepts: SIZE,
    description: 'Largest request body; a larger one is answered 413.',
  }),
  SHUTDOWN_TIMEOUT: variable({
    schema: durationMs,
    fallback: '25s',
    accepts: DURATION,
    description: 'Longest time for requests in flight to finish after SIGTERM or Ctrl-C.',
  }),
  CORS_ALLOWED_ORIGINS: variable({
    schema: list.pipe(z.array(origin)),
    fallback: '',
    accepts: 'origins separated by commas, such as https://school.example, without a path',
    description: 'Browser origins that may call the API. None unless given.',
  }),
  TRUSTED_PROXIES: variable({
    schema: list.pipe(z.array(addressRange)),
    fallback: '',
    accepts: 'addresses or CIDR ranges separated by commas',
    description: 'Proxies whose `X-Forwarded-For` is believed.',
  }),
  ...MAIL_VARIABLES,
  DATABASE_URL: variable({
    schema: z.url({ protocol: /^postgres(ql)?$/ }),
    accepts: 'a URL postgres://user:password@host:port/database',
    description: 'Postgres 15 or newer. Without it the embedded database is used.',
    secret: true,
  }),
  DATA_DIR: variable({
    schema: z.string().min(1),
    fallback: './data',
    accepts: 'a folder',
    description: 'Where the embedded database, the generated secret and the outbox of unsent mail live.',
  }),
  ALLOW_EMBEDDED_DATABASE: variable({
    schema: flag,
    fallback: 'false',
    accepts: BOOLEAN,
    description: 'Allows the embedded database in production.',
  }),
  MIGRATE_ON_START: variable({
    schema: flag,
    accepts: BOOLEAN,
    description: 'Apply migrations at start. On unless production; there run `npm run migrate` first.',
  }),
  DB_POOL_MIN: variable({
    schema: whole(0, 100),
    fallback: '5',
    accepts: 'a number, 0 to 100',
    description: 'Database connections kept open at rest.',
  }),
  DB_POOL_MAX: variable({
    schema: whole(1, 100),
    fallback: '25',
    accepts: 'a number, 1 to 100',
    description: 'Most database connections of one process.',
  }),
  DB_ACQUIRE_TIMEOUT: variable({
    schema: durationMs,
    fallback: '2s',
    accepts: DURATION,
    description: 'Longest wait for a database connection; then 503.',
  }),
  DB_STATEMENT_TIMEOUT: variable({
    schema: durationMs,
    fallback: '10s',
    accepts: DURATION,
    description: 'Longest time for one SQL statement; then 503.',
  }),
  CACHE_ENABLED: variable({
    schema: flag,
    fallback: 'true',
    accepts: BOOLEAN,
    description: 'Turns the response and service caches off for diagnosis.',
  }),
  CACHE_TYPE: variable({
    schema: z.enum(['memory', 'redis']),
    fallback: 'memory',
    accepts: 'memory or redis',
    description: 'Where cache, rate limits, token state and the realtime bus live.',
  }),
  CACHE_REDIS_CLIENT: variable({
    schema: z.enum(['ioredis', 'redis-yet']),
    fallback: 'ioredis',
    accepts: 'ioredis or redis-yet',
    description:
      'Client library of the cache in Redis: `redis-yet` is that of `cache-manager-redis-yet`, for a single Redis. Tokens, limits and realtime use ioredis.',
  }),
  REDIS_ADDR: variable({
    schema: redisAddress,
    accepts:
      'host:port, redis:// or rediss:// URL, redis+sentinel://host:port,host:port/master-name, redis+cluster://host:port,host:port',
    description: 'Redis 7 or newer. Required with `CACHE_TYPE=redis` or `TOKEN_STORE=redis`.',
    secret: true,
  }),
  TOKEN_STORE: variable({
    schema: z.enum(['memory', 'redis']),
    accepts: 'memory or redis',
    description: 'Where token and session state is kept in front of Postgres. Follows `CACHE_TYPE` unless set.',
  }),
  ALLOW_MEMORY_STORES: variable({
    schema: flag,
    fallback: 'false',
    accepts: BOOLEAN,
    description: 'Allows memory stores in production. Right for exactly one instance.',
  }),
  CACHE_DEFAULT_TTL: variable({
    schema: durationMs,
    fallback: '5m',
    accepts: DURATION,
    description: 'How long a cached value is fresh unless its place says otherwise.',
  }),
  CACHE_MAX_MEMORY: variable({
    schema: sizeBytes,
    fallback: '64mb',
    accepts: SIZE,
    description: 'Bytes of cached values kept in the memory of one process.',
  }),
  CACHE_MAX_VALUE: variable({
    schema: sizeBytes,
    fallback: '2mb',
    accepts: SIZE,
    description: 'A larger value, as JSON, is not cached.',
  }),
  HTTP_CACHE_TTL: variable({
    schema: durationMs,
    fallback: '900',
    accepts: DURATION,
    description: 'How long a cacheable response is fresh.',
  }),
  ...TOKEN_VARIABLES,
  ...LIMIT_VARIABLES,
  ANSWER_GRACE: variable({
    schema: durationMs,
    fallback: '5s',
    accepts: DURATION,
    description: 'How long after its deadline an attempt still takes answers sent before it over a slow network.',
  }),
  CONTENT_DIR: variable({
    schema: z.string().min(1),
    fallback: './content',
    accepts: 'a folder',
    description: 'Question bank that is loaded at start.',
  }),
  DEMO_ACCOUNTS: variable({
    schema: flag,
    accepts: BOOLEAN,
    description:
      'Demo learner, teacher and admin with published passwords. On unless production or a `HOST` that others can reach; when off, existing ones are disabled.',
  }),
  ADMIN_EMAIL: variable({
    schema: z.email(),
    accepts: 'an e-mail address',
    description: 'First admin, created at start if the address has no account yet; needs `ADMIN_PASSWORD`.',
  }),
  ADMIN_PASSWORD: variable({
    schema: z.string().min(12),
    accepts: 'at least 12 characters',
    description: 'Password of the first admin.',
    secret: true,
  }),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

type Definition<Name extends VariableName> = (typeof VARIABLES)[Name];
type Value<Name extends VariableName> = z.output<Definition<Name>['schema']>;

/** What the environment says, read and converted; a variable without fallback may be absent. */
export type Environment = {
  readonly [Name in VariableName]: Definition<Name> extends { readonly fallback: string }
    ? Value<Name>
    : Value<Name> | undefined;
};
