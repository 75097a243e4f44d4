import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTributary, temporaryFolder } from '../support';

jest.setTimeout(120_000);

const [first, second] = [temporaryFolder(), temporaryFolder()];
afterAll(() => {
  first.remove();
  second.remove();
});

const run = async (dataDir: string, ...args: string[]): Promise<string> => {
  const { code, out, err } = await runTributary(args, { DATA_DIR: dataDir });
  expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
  return out;
};

it('an embedded database moves to another folder: backup, migrate, restore, and its books are sound', async () => {
  await run(first.path, 'seed');
  const file = join(first.path, 'moved.backup.gz');
  const made = JSON.parse(await run(first.path, 'backup', '--out', file, '--json')) as { tables: unknown; sequences: unknown; rows: number };
  expect(made.rows).toBeGreaterThan(400);
  expect(readFileSync(file).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  const refused = await runTributary(['restore', file], { DATA_DIR: second.path });
  expect(refused).toMatchObject({ code: 1, out: '', err: 'The database has no schema yet: run "tributary migrate" first.\n' });
  await run(second.path, 'migrate');
  const { tables, sequences } = made;
  expect(JSON.parse(await run(second.path, 'restore', file, '--json'))).toMatchObject({ tables, sequences });
  expect(await run(second.path, 'audit')).toContain('The books are sound.');
});
