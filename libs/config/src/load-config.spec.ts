import { ConfigurationError } from './config.errors.js';
import { loadConfig } from './load-config.js';
import type { VariableName } from './variables.js';
import { VARIABLES } from './variables.js';

type Source = Partial<Record<VariableName, string>>;

const SECRET = 'Zr8sVw2Kq0Jt6XyLm4NbPd1HcTg7RfAe';
const PRODUCTION: Source = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://user:pw@db:5432/mockingbird',
  AUTH_SECRET: SECRET,
  CACHE_TYPE: 'redis',
  REDIS_ADDR: 'redis:6379',
};

function problemsOf(source: Source): readonly string[] {
  try {
    loadConfig(source);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe('loadConfig', () => {
  it('needs nothing on a laptop', () => {
    expect(loadConfig({})).toMatchObject({
      environment: 'development',
      http: { host: '127.0.0.1', port: 3000, requestTimeoutMs: 30_000, corsOrigins: [], trustedProxies: [] },
      database: { url: undefined, migrateOnStart: true, poolMin: 5, poolMax: 25 },
      redis: { addr: undefined },
      cache: { enabled: true, type: 'memory', httpTtlMs: 900_000, maxMemoryBytes: 64 * 1024 ** 2 },
      tokens: { store: 'memory', secret: undefined, accessTtlMs: 600_000, sessionLimit: 20 },
      rateLimit: {
        enabled: true,
        requestsPerSecond: 50,
        burst: 200,
        policies: { callers: {}, groups: {} },
        allowed: [],
      },
      accounts: { demo: true, admin: undefined },
    });
  });

  it('takes an empty or blank value for one that is not set', () => {
    expect(loadConfig({ PORT: '', REDIS_ADDR: '  ', DATABASE_URL: '' })).toEqual(loadConfig({}));
  });

  it('lets the token store follow the cache unless it is set', () => {
    const redis = { CACHE_TYPE: 'redis', REDIS_ADDR: 'localhost:6379' };
    expect(loadConfig(redis).tokens.store).toBe('redis');
    expect(loadConfig({ ...redis, TOKEN_STORE: 'memory' }).tokens.store).toBe('memory');
  });

  it('makes demo accounts only where nobody else can reach them', () => {
    expect(loadConfig({ HOST: '127.0.0.1' }).accounts.demo).toBe(true);
    expect(loadConfig({ HOST: '0.0.0.0' }).accounts.demo).toBe(false);
    expect(loadConfig(PRODUCTION).accounts.demo).toBe(false);
    expect(loadConfig({ HOST: '0.0.0.0', DEMO_ACCOUNTS: 'true' }).accounts.demo).toBe(true);
  });

  it('listens to everyone, and leaves migrations alone, in production', () => {
    expect(loadConfig(PRODUCTION)).toMatchObject({
      http: { host: '0.0.0.0' },
      database: { migrateOnStart: false },
    });
  });
});

describe('a wrong value stops the start, naming the variable and what it accepts:', () => {
  const WRONG: Readonly<Record<string, readonly string[]>> = {
    NODE_ENV: ['prod', 'Production'],
    PORT: ['http', '-1', '65536', '3000.5', '0x10'],
    SERVICE_NAME: ['x'.repeat(65)],
    LOG_LEVEL: ['verbose'],
    REQUEST_TIMEOUT: ['soon', '5 m', '-5', '1w', '5ms'],
    BODY_LIMIT: ['0', '1.5mb', 'big', '1tb'],
    SHUTDOWN_TIMEOUT: ['x'],
    CORS_ALLOWED_ORIGINS: ['*', 'school.example', 'https://school.example/', 'https://school.example/app', 'ftp://a'],
    TRUSTED_PROXIES: ['proxy', '999.1.1.1', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', '::1/129', '10.0.0'],
    CACHE_REDIS_CLIENT: ['node-redis'],
    CACHE_MAX_VALUE: ['0', 'big'],
    DATABASE_URL: ['mysql://u:p@h/d', 'localhost'],
    ALLOW_EMBEDDED_DATABASE: ['yes'],
    MIGRATE_ON_START: ['on'],
    DB_POOL_MIN: ['-1', '101', 'few'],
    DB_POOL_MAX: ['0', '101'],
    DB_ACQUIRE_TIMEOUT: ['x'],
    DB_STATEMENT_TIMEOUT: ['x'],
    CACHE_ENABLED: ['TRUE!', 'enabled'],
    CACHE_TYPE: ['memcached'],
    PUBLIC_URL: ['school.example', 'ftp://school.example', 'https://school.example/?a=b', 'https://school example'],
    SMTP_URL: ['mail.school.example', 'http://mail.school.example'],
    MAIL_FROM: ['nobody', 'School <nobody>', 'School <a@school.example', 'a b@school.example'],
    REDIS_ADDR: [
      'localhost',
      'localhost:',
      'localhost:0',
      'localhost:70000',
      'a:1,b',
      'http://x:1',
      'redis+cluster://a',
    ],
    TOKEN_STORE: ['postgres'],
    ALLOW_MEMORY_STORES: ['sure'],
    CACHE_DEFAULT_TTL: ['x'],
    CACHE_MAX_MEMORY: ['0', '64 mb', 'all'],
    HTTP_CACHE_TTL: ['x'],
    AUTH_SECRET: ['too short'],
    ACCESS_CHECK: ['lax', 'STRICT'],
    ACCESS_TOKEN_TTL: ['0', '0.5s', '9'.repeat(400)],
    SIGNING_KEY_PROPAGATION: ['0', '1.9s', 'soon'],
    REFRESH_TOKEN_IDLE_TTL: ['0d'],
    REFRESH_TOKEN_ABSOLUTE_TTL: ['0d'],
    REFRESH_TOKEN_GRACE: ['x'],
    AUTH_EVENT_RETENTION: ['0', '6d', '36501d', 'forever'],
    SESSION_LIMIT: ['0', '1001'],
    STEP_UP_TTL: ['0'],
    PASSKEY_DOMAIN: ['https://school.example', 'school.example:443', 'School.example', '.example'],
    SESSION_POLICIES: [
      'admin',
      'root:idle=1h',
      'admin:idle',
      'admin:idle=0s',
      'admin:life=1h',
      'admin:limit=0',
      'admin:idle=1h,idle=2h',
      'admin:idle=1h;admin:idle=2h',
    ],
    RATE_LIMIT_ENABLED: ['x'],
    RATE_LIMIT_POLICIES: ['learner', 'learner:requests=1', 'nobody:requests=1,burst=1'],
    RATE_LIMIT_ALLOWED: ['everybody', '10.0.0.0/33'],
    RATE_LIMIT_REQUESTS: ['0', '-1', 'x'],
    RATE_LIMIT_BURST: ['0', '1.5'],
    AUTH_RATE_LIMIT_ENABLED: ['x'],
    AUTH_RATE_LIMIT_REQUESTS: ['0'],
    AUTH_RATE_LIMIT_BURST: ['0'],
    AUTH_ADDRESS_RATE_LIMIT_REQUESTS: ['0'],
    AUTH_ADDRESS_RATE_LIMIT_BURST: ['0'],
    ANSWER_GRACE: ['x'],
    DEMO_ACCOUNTS: ['x'],
    ADMIN_EMAIL: ['root'],
    ADMIN_PASSWORD: ['short'],
  };
  const FREE_TEXT = ['HOST', 'DATA_DIR', 'CONTENT_DIR'];

  it('every variable that can be wrong is tried', () => {
    expect([...Object.keys(WRONG), ...FREE_TEXT].toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
  });

  for (const [name, values] of Object.entries(WRONG)) {
    it.each(values)(`${name}=%s`, (value) => {
      const { accepts } = VARIABLES[name as VariableName];
      expect(problemsOf({ [name]: value })).toEqual([`${name} must be ${accepts}.`]);
    });
  }

  it('all of them in one report', () => {
    expect(problemsOf({ PORT: 'x', CACHE_TYPE: 'x', SESSION_LIMIT: '0' })).toHaveLength(3);
  });

  it('and never the value', () => {
    for (const [name, values] of Object.entries(WRONG)) {
      for (const value of values.filter((text) => text.length > 6)) {
        expect(problemsOf({ [name]: `${value}~secret` }).join()).not.toContain('~secret');
      }
    }
    const placeholder = 'change-me-change-me-change-me-1234567';
    expect(problemsOf({ ...PRODUCTION, AUTH_SECRET: placeholder }).join()).not.toContain(placeholder);
  });
});

describe('what contradicts itself stops the start:', () => {
  const CASES: readonly (readonly [string, Source, RegExp])[] = [
    ['Redis without an address', { CACHE_TYPE: 'redis' }, /CACHE_TYPE=redis needs REDIS_ADDR/],
    ['tokens in Redis without an address', { TOKEN_STORE: 'redis' }, /TOKEN_STORE=redis needs REDIS_ADDR/],
    ['a smallest pool above the largest', { DB_POOL_MIN: '9', DB_POOL_MAX: '8' }, /DB_POOL_MIN/],
    ['an idle time above the absolute one', { REFRESH_TOKEN_IDLE_TTL: '91d' }, /REFRESH_TOKEN_IDLE_TTL/],
    ['a database without a secret', { DATABASE_URL: 'postgres://u@h/d' }, /AUTH_SECRET is required/],
    ['an admin without a password', { ADMIN_EMAIL: 'a@school.example' }, /ADMIN_EMAIL and ADMIN_PASSWORD/],
    ['a password without an admin', { ADMIN_PASSWORD: 'plum-kettle-94' }, /ADMIN_EMAIL and ADMIN_PASSWORD/],
  ];
  it.each(CASES)('%s', (_, source, problem) => {
    expect(problemsOf(source)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('production refuses', () => {
  const CASES: readonly (readonly [string, Source, RegExp])[] = [
    ['the embedded database', { DATABASE_URL: '' }, /^DATABASE_URL is required in production/],
    ['memory stores', { CACHE_TYPE: 'memory' }, /^Production needs CACHE_TYPE=redis/],
    ['tokens in memory', { TOKEN_STORE: 'memory' }, /^Production needs CACHE_TYPE=redis/],
    ['demo accounts', { DEMO_ACCOUNTS: 'true' }, /^DEMO_ACCOUNTS=true is refused/],
    ['a secret from a sample', { AUTH_SECRET: 'change-me-0123456789-abcdefghijkl' }, /^AUTH_SECRET is a placeholder/],
    ['a secret of one character', { AUTH_SECRET: 'x'.repeat(40) }, /^AUTH_SECRET is a placeholder/],
    ['a secret of few characters', { AUTH_SECRET: 'abcdefgh'.repeat(5) }, /^AUTH_SECRET is a placeholder/],
    [
      'a sample password for the admin',
      { ADMIN_EMAIL: 'a@school.example', ADMIN_PASSWORD: 'your-password-1' },
      /^ADMIN_PASSWORD is a placeholder/,
    ],
  ];
  it.each(CASES)('%s', (_, source, problem) => {
    expect(problemsOf({ ...PRODUCTION, ...source })).toEqual([expect.stringMatching(problem)]);
  });

  it.each(CASES)('and development allows: %s', (_, source) => {
    const { NODE_ENV: _environment, ...development } = PRODUCTION;
    expect(problemsOf({ ...development, ...source })).toEqual([]);
  });

  it('nothing that is allowed by name', () => {
    expect(problemsOf({ ...PRODUCTION, DATABASE_URL: '', ALLOW_EMBEDDED_DATABASE: 'true' })).toEqual([]);
    expect(problemsOf({ ...PRODUCTION, CACHE_TYPE: 'memory', ALLOW_MEMORY_STORES: 'true' })).toEqual([]);
  });
});
