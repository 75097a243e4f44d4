/** What tests with SQL need: a database of their own, cloned from the migrated or seeded template. */
export { createTestDatabase } from './database';
export type { TestDatabase, TestDatabaseOptions } from './database';
export { asOwner, inDatabase } from './owner';
export { runTributary, startNode } from './node';
export type { NodeProcess, NodeRun } from './node';
export { temporaryFolder } from './folder';
export { violationsOf } from './books';
