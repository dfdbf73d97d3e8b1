const project = (displayName, testMatch, options = {}) => ({
  displayName,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^@app/([\\w-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@app/([\\w-]+)/([\\w-]+)$': '<rootDir>/libs/$1/src/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  setupFiles: ['<rootDir>/test/support/jest-setup.ts'],
  ...options,
});

const withServices = {
  globalSetup: '<rootDir>/test/support/jest-global-setup.ts',
  globalTeardown: '<rootDir>/test/support/jest-global-teardown.ts',
};

export default {
  projects: [
    project('unit', ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'content/**/*.spec.ts']),
    project('contract', ['test/contract/**/*.spec.ts'], withServices),
    project('support', ['test/support/**/*.spec.ts'], withServices),
    project('e2e', ['test/e2e/**/*.e2e-spec.ts'], withServices),
    project('chaos', ['test/chaos/**/*.chaos-spec.ts'], withServices),
  ],
  maxWorkers: 2,
  // Each test file leaves modules behind; collecting gigabytes of them takes longer than a new worker.
  workerIdleMemoryLimit: '700MB',
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/support/totals-reporter.mjs'],
};
