/** What tests with SQL need: a database of their own, cloned from the migrated or seeded template. */
export { createTestDatabase } from './database';
export type { TestDatabase, TestDatabaseOptions } from './database';
export { asOwner, inDatabase } from './owner';
