import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printDatabaseSchema } from '../../src/platform/db';
import { createTestDatabase, TestDatabase } from '../support';

const FILE = join(__dirname, '..', '..', 'schema', 'schema.sql');
let db: TestDatabase;
beforeAll(async () => { db = await createTestDatabase(); });
afterAll(() => db.dispose());

it('schema/schema.sql is what the migrations make; UPDATE_SCHEMA_SQL=1 writes it', async () => {
  const printed = await printDatabaseSchema(db.ownerPool);
  if (process.env.UPDATE_SCHEMA_SQL === '1') writeFileSync(FILE, printed);
  expect(printed).toBe(readFileSync(FILE, 'utf8'));
});
