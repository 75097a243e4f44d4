'use strict';
const tseslint = require('typescript-eslint');

/**
 * The rooms, and what each may import of another besides platform. `types` may only be named by `import type`; `face` is
 * for the files that show the room in the API: they stand above the engines and call the conductor. In the engines arrows
 * point one way: settle, run, set-up, platform. If two rooms need each other, a third idea is missing between them.
 */
const ROOMS = {
  platform: {},
  audit: {},
  tenant: { all: ['audit', 'usage'] },
  usage: {},
  ledger: { face: ['party', 'tenant'] },
  live: {},
  catalog: { all: ['tenant', 'audit'], types: ['usage'] },
  party: { all: ['tenant', 'audit'], types: ['usage'] },
  slice: { all: ['catalog', 'usage', 'tenant', 'audit'], face: ['product', 'party', 'charging'] },
  product: { all: ['catalog', 'slice', 'party', 'tenant', 'audit'], types: ['usage'], face: ['charging'] },
  rating: { types: ['usage', 'catalog'] },
  guiding: { all: ['usage', 'product', 'rating', 'catalog'], types: ['party'] },
  balance: { all: ['ledger', 'live'], types: ['charging'], face: ['charging', 'party', 'product', 'tenant', 'audit'] },
  charging: {
    all: ['usage', 'guiding', 'rating', 'balance', 'ledger', 'catalog', 'tenant', 'audit', 'live'], types: ['product', 'party'],
    face: ['product', 'party'],
  },
  ordering: { all: ['party', 'catalog', 'slice', 'product', 'balance', 'charging', 'tenant', 'audit', 'live'], types: ['usage'] },
  assurance: { all: ['slice', 'catalog', 'product', 'party', 'usage', 'charging', 'ledger', 'live', 'tenant', 'audit'] },
  invoicing: { all: ['party', 'catalog', 'product', 'charging', 'ledger', 'live', 'tenant', 'audit'], types: ['usage'], face: ['balance'] },
  cutover: { all: ['charging', 'party', 'usage', 'tenant', 'audit'] },
  onboarding: { all: ['party', 'catalog', 'ordering', 'charging', 'invoicing', 'usage', 'tenant', 'audit'] },
  /** A client of the API: it knows no room. */
  tour: {},
  'revenue-share': { all: ['party', 'catalog', 'charging', 'invoicing', 'ledger', 'tenant', 'audit', 'live'] },
};

/** Rating is pure: what it needs is handed in. */
const IMPURE = { regex: '^(node:|pg$|typeorm$|dataloader$)', message: 'rating does no input or output: hand the facts in.' };

const importOf = (rooms) => `^(\\.\\./)+(${rooms.join('|')})(/|$)`;

const FACE = ['resolver', 'mutations', 'type', 'input', 'payload', 'service', 'loader'].map((role) => `*.${role}.ts`)
  .concat('*-mutation.ts');

function rulesOf(room, { all = [], types = [] }) {
  const others = Object.keys(ROOMS).filter((other) => ![room, 'platform', ...all].includes(other));
  const typesOnly = types.filter((other) => others.includes(other));
  const closed = others.filter((other) => !types.includes(other));
  const patterns = [{ regex: importOf(closed), message: `${room} may not import this room: see ROOMS in eslint.config.js.` }];
  if (typesOnly.length > 0) {
    patterns.push({ regex: importOf(typesOnly), allowTypeImports: true, message: `${room} may only import types of this room.` });
  }
  if (room === 'rating') patterns.push(IMPURE);
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] };
}

const roomRules = Object.entries(ROOMS).flatMap(([room, { face = [], ...imports }]) => [
  { files: [`src/${room}/**/*.ts`], ignores: ['**/*.test.ts'], rules: rulesOf(room, imports) },
  {
    files: FACE.map((name) => `src/${room}/**/${name}`),
    rules: rulesOf(room, { ...imports, all: [...(imports.all ?? []), ...face] }),
  },
]);

const SQL = 'Values go to SQL as parameters ($1), never into its text.';
const sqlRules = [
  "CallExpression[callee.property.name='query'][arguments.0.type='TemplateLiteral'][arguments.0.expressions.length>0]",
  "CallExpression[callee.property.name='query'][arguments.0.type='BinaryExpression']",
  "CallExpression[callee.property.name='query'] > ObjectExpression > Property[key.name='text'] > TemplateLiteral[expressions.length>0]",
  "CallExpression[callee.property.name='query'] > ObjectExpression > Property[key.name='text'] > BinaryExpression",
].map((selector) => ({ selector, message: SQL }));

const EXACT = 'Money and quantities are exact: use Amount, Quantity and the roundings of src/platform/money.';
const exactRules = [
  "CallExpression[callee.name=/^(Number|parseFloat)$/]",
  "MemberExpression[object.name='Math']",
  "MemberExpression[object.name='Number'][property.name=/^(parseFloat|MAX_VALUE|EPSILON|POSITIVE_INFINITY)$/]",
  "MemberExpression[property.name=/^(toFixed|toPrecision)$/]",
  "Identifier[name='Infinity']",
].map((selector) => ({ selector, message: EXACT }));

const ENV = 'The environment is read in src/platform/config alone.';
const envRule = { selector: "MemberExpression[object.name='process'][property.name='env']", message: ENV };

module.exports = tseslint.config(
  { ignores: ['dist*/', 'coverage/', 'node_modules/', 'assets/', 'web/', 'data/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // The name that type-graphql and TypeORM give to a class of any shape.
      '@typescript-eslint/no-unsafe-function-type': 'off',
      // A room's part of the services is an interface that rooms above it add to.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { 'no-unused-vars': 'error', eqeqeq: ['error', 'always'] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sqlRules, envRule], 'max-lines': ['error', { max: 250 }] },
  },
  {
    files: ['src/{rating,balance,ledger,charging,cutover,invoicing,onboarding,revenue-share,assurance}/**/*.ts', 'src/platform/money/**/*.ts',
      'src/tour/reconciliation.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sqlRules, ...exactRules, envRule] },
  },
  {
    // Where things stand on a page is no money.
    files: ['src/invoicing/pdf/bill-pdf.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sqlRules, envRule] },
  },
  {
    // Where the environment may be read: configuration, and what runs before it or hands it on.
    files: ['src/platform/config/**/*.ts', 'src/platform/embedded/cluster.ts', 'src/platform/process/signals.ts', 'src/main.ts',
      'src/cli/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sqlRules] },
  },
  ...roomRules,
);
