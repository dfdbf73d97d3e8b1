import { readdirSync } from 'node:fs';

const KERNEL = ['errors', 'clock', 'config'];

/** The architecture: each library and the libraries it may import. Read top to bottom; edges only point up. */
const MAY_IMPORT = {
  // kernel
  errors: [],
  clock: [],
  config: [],
  contract: [],
  // platform
  http: ['errors'],
  observability: ['http'],
  database: ['errors', 'observability'],
  resilience: ['errors', 'observability'],
  redis: ['errors', 'observability', 'resilience'],
  cache: ['errors', 'clock', 'http', 'observability', 'database', 'redis', 'jobs'],
  'rate-limit': ['errors', 'clock', 'http', 'redis'],
  jobs: ['errors', 'observability', 'database'],
  mail: ['database', 'jobs'],
  // features
  users: ['errors', 'http', 'database'],
  sessions: [...KERNEL, 'http', 'database', 'redis', 'rate-limit'],
  auth: [...KERNEL, 'http', 'database', 'rate-limit', 'jobs', 'mail', 'users', 'sessions'],
  'second-factor': [...KERNEL, 'http', 'database', 'rate-limit', 'mail', 'users', 'sessions', 'auth'],
  passkeys: [...KERNEL, 'http', 'database', 'jobs', 'mail', 'users', 'sessions', 'auth'],
  'session-analytics': ['errors', 'http', 'database', 'jobs', 'rate-limit', 'sessions'],
  administration: ['errors', 'http', 'database', 'cache', 'users', 'sessions', 'auth'],
  questions: ['errors', 'http', 'database', 'cache'],
  exams: ['errors', 'http', 'database', 'cache', 'rate-limit', 'questions'],
  realtime: ['errors', 'clock', 'redis', 'sessions', 'auth', 'exams'],
};

/** Drivers, and the folder name that alone may import each. */
const DRIVERS = {
  ioredis: 'redis',
  '@redis/client': 'redis-yet',
  'cache-manager-redis-yet': 'redis-yet',
  keyv: 'keyv',
  '@nestjs/cache-manager': 'keyv',
  '@socket\\.io/redis-streams-adapter': 'redis',
  pg: 'postgres',
  typeorm: 'postgres',
  'pg-boss': 'postgres',
  nodemailer: 'smtp',
  '@electric-sql': 'embedded',
};

for (const lib of readdirSync('libs')) {
  if (!(lib in MAY_IMPORT)) throw new Error(`libs/${lib} is missing from MAY_IMPORT`);
}

const rule = (name, from, to) => ({ name, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-cycles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule('nothing-imports-an-app', { path: '^(libs|apps/([^/]+))/' }, { path: '^apps/', pathNot: '^apps/$2/' }),
    ...Object.entries(MAY_IMPORT).map(([lib, allowed]) =>
      rule(
        `${lib}-may-import`,
        { path: `^libs/${lib}/`, pathNot: ['\\.spec\\.ts$', '/testing/'] },
        { path: '^libs/', pathNot: [lib, ...allowed].map((name) => `^libs/${name}/`) },
      ),
    ),
    rule(
      'only-through-a-door',
      { path: '^(apps|libs)/([^/]+)/' },
      {
        path: '^libs/',
        pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$', '^libs/[^/]+/src/[^/]+/index\\.ts$'],
      },
    ),
    // Views and decorators of another library's `http` door may be shared; its controllers and guards may not.
    rule(
      'features-use-services-not-transports',
      { path: '^libs/([^/]+)/src/(?!http/|ws/)' },
      { path: '^libs/[^/]+/src/(http|ws)/', pathNot: '^libs/$1/' },
    ),
    rule(
      'testing-stays-in-tests',
      { pathNot: ['\\.spec\\.ts$', '^test/', '/testing/'] },
      { path: '^libs/([^/]+/src/testing|contract)/' },
    ),
    ...Object.entries(DRIVERS).map(([driver, folder]) =>
      rule(
        `${driver.replaceAll('\\', '')}-only-in-${folder}`,
        { path: '^libs/', pathNot: [`^libs/[^/]+/src/${folder}/`, `^libs/${folder}/`] },
        { path: `node_modules/${driver}/`, dependencyTypesNot: ['type-only'] },
      ),
    ),
    rule(
      'no-dev-dependency-in-production',
      { path: '^(apps|libs)/[^/]+/src', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      { dependencyTypes: ['npm-dev'] },
    ),
    rule('resolves', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
