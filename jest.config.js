// ESM-only packages are transformed, because jest in CommonJS mode cannot require them.
const esmOnly = ['jose', 'temporal-polyfill', 'temporal-utils'];
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.[mc]?[tj]s$': '@swc/jest' },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFiles: ['reflect-metadata'],
  testTimeout: 30000,
  // Two: each file opens a database and pools of its own, and some start nodes.
  maxWorkers: 2,
};
