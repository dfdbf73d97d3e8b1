import { toAppConfig, type AppConfig } from './app-config.js';
import { ConfigurationError } from './config.errors.js';
import { isPlaceholderSecret } from './placeholder-secret.js';
import { readEnvironment } from './read-environment.js';
import type { Environment } from './variables.js';

/**
 * Reads and validates the whole environment once.
 *
 * @throws {ConfigurationError} naming every variable that is wrong and what it accepts
 */
export function loadConfig(source: Readonly<Record<string, string | undefined>>): AppConfig {
  const problems: string[] = [];
  const environment = readEnvironment(source, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const config = toAppConfig(environment);
  problems.push(...contradictions(environment, config));
  if (environment.NODE_ENV === 'production') problems.push(...refusedInProduction(environment, config));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

function contradictions(env: Environment, config: AppConfig): string[] {
  const problems: string[] = [];
  if (config.redis.addr === undefined) {
    if (config.cache.type === 'redis') problems.push('CACHE_TYPE=redis needs REDIS_ADDR, such as 127.0.0.1:6379.');
    else if (config.tokens.store === 'redis')
      problems.push('TOKEN_STORE=redis needs REDIS_ADDR, such as 127.0.0.1:6379.');
  }
  if (config.cache.redisClient === 'redis-yet' && /,|^redis\+/.test(config.redis.addr ?? '')) {
    problems.push('CACHE_REDIS_CLIENT=redis-yet takes a single Redis: use ioredis with Sentinel or a cluster.');
  }
  if (config.database.poolMin > config.database.poolMax) {
    problems.push('DB_POOL_MIN must not be greater than DB_POOL_MAX.');
  }
  if (config.tokens.refreshIdleTtlMs > config.tokens.refreshAbsoluteTtlMs) {
    problems.push('REFRESH_TOKEN_IDLE_TTL must not be longer than REFRESH_TOKEN_ABSOLUTE_TTL.');
  }
  if (config.database.url !== undefined && config.tokens.secret === undefined) {
    problems.push(
      'AUTH_SECRET is required with DATABASE_URL: at least 32 random characters, e.g. from `openssl rand -base64 48`.',
    );
  }
  if ((env.ADMIN_EMAIL === undefined) !== (env.ADMIN_PASSWORD === undefined)) {
    problems.push('ADMIN_EMAIL and ADMIN_PASSWORD go together: set both or neither.');
  }
  return problems;
}

function refusedInProduction(env: Environment, config: AppConfig): string[] {
  const problems: string[] = [];
  if (config.database.url === undefined && !env.ALLOW_EMBEDDED_DATABASE) {
    problems.push(
      'DATABASE_URL is required in production (ALLOW_EMBEDDED_DATABASE=true allows the embedded database).',
    );
  }
  if ((config.cache.type === 'memory' || config.tokens.store === 'memory') && !env.ALLOW_MEMORY_STORES) {
    problems.push(
      'Production needs CACHE_TYPE=redis and REDIS_ADDR (ALLOW_MEMORY_STORES=true allows memory stores for exactly one instance).',
    );
  }
  if (config.tokens.secret !== undefined && isPlaceholderSecret(config.tokens.secret)) {
    problems.push(
      'AUTH_SECRET is a placeholder: set at least 32 random characters, e.g. from `openssl rand -base64 48`.',
    );
  }
  if (config.accounts.demo) problems.push('DEMO_ACCOUNTS=true is refused in production.');
  if (env.ADMIN_PASSWORD !== undefined && isPlaceholderSecret(env.ADMIN_PASSWORD)) {
    problems.push('ADMIN_PASSWORD is a placeholder: choose a password of your own.');
  }
  return problems;
}
