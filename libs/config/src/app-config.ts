import { join } from 'node:path';
import type { Environment } from './variables.js';

export type StoreType = 'memory' | 'redis';
export type CacheRedisClient = Environment['CACHE_REDIS_CLIENT'];

/** Tokens per second, and the size of the bucket. */
export interface LimitConfig {
  readonly enabled: boolean;
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** The whole configuration: read once, validated, immutable. */
export interface AppConfig {
  readonly environment: Environment['NODE_ENV'];
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly requestTimeoutMs: number;
    readonly bodyLimitBytes: number;
    readonly shutdownTimeoutMs: number;
    readonly corsOrigins: readonly string[];
    readonly trustedProxies: readonly string[];
  };
  readonly log: { readonly level: Environment['LOG_LEVEL'] };
  readonly serviceName: string;
  readonly dataDir: string;
  readonly database: {
    /** Absent: the embedded database under `dataDir`. */
    readonly url: string | undefined;
    readonly migrateOnStart: boolean;
    readonly poolMin: number;
    readonly poolMax: number;
    readonly acquireTimeoutMs: number;
    readonly statementTimeoutMs: number;
  };
  readonly redis: { readonly addr: string | undefined };
  readonly cache: {
    readonly enabled: boolean;
    readonly type: StoreType;
    readonly redisClient: CacheRedisClient;
    readonly defaultTtlMs: number;
    readonly maxMemoryBytes: number;
    readonly maxValueBytes: number;
    readonly httpTtlMs: number;
  };
  readonly tokens: {
    readonly store: StoreType;
    /** Absent only with the embedded database, which keeps a generated one under `dataDir`. */
    readonly secret: string | undefined;
    readonly accessTtlMs: number;
    readonly accessCheck: Environment['ACCESS_CHECK'];
    readonly keyPropagationMs: number;
    readonly refreshIdleTtlMs: number;
    readonly refreshAbsoluteTtlMs: number;
    readonly refreshGraceMs: number;
    readonly sessionLimit: number;
    readonly stepUpTtlMs: number;
    readonly authEventRetentionMs: number;
    readonly sessionPolicies: Environment['SESSION_POLICIES'];
  };
  readonly rateLimit: LimitConfig & {
    readonly policies: Environment['RATE_LIMIT_POLICIES'];
    readonly allowed: readonly string[];
  };
  readonly authRateLimit: LimitConfig;
  readonly authAddressRateLimit: LimitConfig;
  readonly exams: { readonly answerGraceMs: number };
  /** `smtpUrl` absent: letters are written to `outboxDir`. */
  readonly mail: {
    readonly smtpUrl: string | undefined;
    readonly from: string;
    readonly publicUrl: string;
    readonly outboxDir: string;
  };
  readonly passkeys: { readonly domain: string; readonly origins: readonly string[] };
  readonly contentDir: string;
  readonly accounts: {
    readonly demo: boolean;
    readonly admin: { readonly email: string; readonly password: string } | undefined;
  };
}

const LOOPBACK = /^(127\.|localhost$|::1$)/;

/** Arranges the flat environment into the tree that modules take their options from. */
export function toAppConfig(env: Environment): AppConfig {
  const production = env.NODE_ENV === 'production';
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  const host = env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1');
  return {
    environment: env.NODE_ENV,
    http: {
      host,
      port: env.PORT,
      requestTimeoutMs: env.REQUEST_TIMEOUT,
      bodyLimitBytes: env.BODY_LIMIT,
      shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT,
      corsOrigins: env.CORS_ALLOWED_ORIGINS,
      trustedProxies: env.TRUSTED_PROXIES,
    },
    log: { level: env.LOG_LEVEL },
    serviceName: env.SERVICE_NAME,
    dataDir: env.DATA_DIR,
    database: {
      url: env.DATABASE_URL,
      migrateOnStart: env.MIGRATE_ON_START ?? !production,
      poolMin: env.DB_POOL_MIN,
      poolMax: env.DB_POOL_MAX,
      acquireTimeoutMs: env.DB_ACQUIRE_TIMEOUT,
      statementTimeoutMs: env.DB_STATEMENT_TIMEOUT,
    },
    redis: { addr: env.REDIS_ADDR },
    cache: {
      enabled: env.CACHE_ENABLED,
      type: env.CACHE_TYPE,
      redisClient: env.CACHE_REDIS_CLIENT,
      defaultTtlMs: env.CACHE_DEFAULT_TTL,
      maxMemoryBytes: env.CACHE_MAX_MEMORY,
      maxValueBytes: env.CACHE_MAX_VALUE,
      httpTtlMs: env.HTTP_CACHE_TTL,
    },
    tokens: {
      store: env.TOKEN_STORE ?? env.CACHE_TYPE,
      secret: env.AUTH_SECRET,
      accessTtlMs: env.ACCESS_TOKEN_TTL,
      accessCheck: env.ACCESS_CHECK,
      keyPropagationMs: env.SIGNING_KEY_PROPAGATION,
      refreshIdleTtlMs: env.REFRESH_TOKEN_IDLE_TTL,
      refreshAbsoluteTtlMs: env.REFRESH_TOKEN_ABSOLUTE_TTL,
      refreshGraceMs: env.REFRESH_TOKEN_GRACE,
      sessionLimit: env.SESSION_LIMIT,
      stepUpTtlMs: env.STEP_UP_TTL,
      authEventRetentionMs: env.AUTH_EVENT_RETENTION,
      sessionPolicies: env.SESSION_POLICIES,
    },
    rateLimit: {
      enabled: env.RATE_LIMIT_ENABLED,
      requestsPerSecond: env.RATE_LIMIT_REQUESTS,
      burst: env.RATE_LIMIT_BURST,
      policies: env.RATE_LIMIT_POLICIES,
      allowed: env.RATE_LIMIT_ALLOWED,
    },
    authRateLimit: {
      enabled: env.AUTH_RATE_LIMIT_ENABLED,
      requestsPerSecond: env.AUTH_RATE_LIMIT_REQUESTS,
      burst: env.AUTH_RATE_LIMIT_BURST,
    },
    authAddressRateLimit: {
      enabled: env.AUTH_RATE_LIMIT_ENABLED,
      requestsPerSecond: env.AUTH_ADDRESS_RATE_LIMIT_REQUESTS,
      burst: env.AUTH_ADDRESS_RATE_LIMIT_BURST,
    },
    exams: { answerGraceMs: env.ANSWER_GRACE },
    mail: {
      smtpUrl: env.SMTP_URL,
      from: env.MAIL_FROM,
      publicUrl,
      outboxDir: join(env.DATA_DIR, 'outbox'),
    },
    passkeys: {
      domain: env.PASSKEY_DOMAIN ?? new URL(publicUrl).hostname,
      origins: [new URL(publicUrl).origin, ...env.CORS_ALLOWED_ORIGINS],
    },
    contentDir: env.CONTENT_DIR,
    accounts: {
      demo: env.DEMO_ACCOUNTS ?? (!production && LOOPBACK.test(host)),
      admin:
        env.ADMIN_EMAIL !== undefined && env.ADMIN_PASSWORD !== undefined
          ? { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD }
          : undefined,
    },
  };
}
