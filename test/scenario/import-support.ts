import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFile, ImportRequest } from '../../src/cli/usage-import';
import { loadConfig } from '../../src/platform/config';
import { createLogger } from '../../src/platform/observe';
import { StopStack } from '../../src/platform/process';
import { openRooms, Rooms } from '../../src/services';
import { ImportSummary, openChecked, readMapping, withSource } from '../../src/usage/import';
import { createTestDatabase, temporaryFolder, TestDatabase } from '../support';

export const ROOT = join(__dirname, '..', '..');
export const MAPPING = join(ROOT, 'imports', 'one-subscriber.mapping.yaml');
export const SAMPLE = join(ROOT, 'imports', 'sample-usage.csv');
export const REASON = 'a test of old usage';

/** A seeded database with the rooms open on it, and a folder for files. */
export interface ImportBench {
  readonly db: TestDatabase;
  readonly rooms: Rooms;
  readonly folder: string;
  /** Imports as the command does, historical into the archive unless told otherwise. */
  run(file: string, over?: Partial<ImportRequest> & { readonly mappingFile?: string; readonly source?: string }): Promise<ImportSummary>;
  /** Writes a file into the folder; its path. */
  file(name: string, content: string | Buffer): string;
  dispose(): Promise<void>;
}

export async function openImportBench(): Promise<ImportBench> {
  const db = await createTestDatabase({ seeded: true });
  const config = loadConfig({ DATABASE_URL: db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1' });
  const stack = new StopStack();
  const database = { ownerUrl: db.ownerUrl, appUrl: db.ownerUrl, setRole: true, folder: undefined, close: () => Promise.resolve() };
  const rooms = await openRooms(config, database, createLogger('silent'), stack, { schedules: false });
  const folder = temporaryFolder();
  return {
    db, rooms, folder: folder.path,
    run: async (file, { mappingFile = MAPPING, source, ...over } = {}) => {
      const text = readFileSync(mappingFile, 'utf8');
      const plain = readMapping(text, mappingFile);
      const mapping = source === undefined ? plain : withSource(plain, source);
      return importFile({
        rooms, tenant: (await rooms.tenants.findByCode('archive'))!, file, mapping, checked: await openChecked(file, mapping),
        mappingHash: createHash('sha256').update(text).digest(), historicalReason: REASON, isDryRun: false,
        rejectsPath: join(folder.path, 'rejects.csv'), showsProgress: false, ...over,
      });
    },
    file: (name, content) => {
      const path = join(folder.path, name);
      writeFileSync(path, content);
      return path;
    },
    dispose: async () => {
      await stack.stop();
      folder.remove();
      await db.dispose();
    },
  };
}

/** What an import left in the books: one row a table, money as text in millionths. */
export async function books(db: TestDatabase): Promise<Record<string, string>> {
  const { rows } = await db.ownerPool.query<Record<string, string>>(`
    select (select count(*) from charge where tenant_id = 3 and status = 'CHARGED' and kind in ('VOICE', 'SMS', 'DATA'))::text as charges,
           (select coalesce(sum(net + tax), 0) from charge where tenant_id = 3 and kind in ('VOICE', 'SMS', 'DATA'))::text as gross,
           (select count(*) from unguided_usage where tenant_id = 3)::text as quarantined,
           (select count(*) from entry where tenant_id = 3)::text as entries,
           (select coalesce(sum(value), 0) from bucket where tenant_id = 3 and kind = 'CREDIT')::text as credit`);
  return rows[0];
}
