import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inDataFolder, makeFolder } from './data-folder';

const root = mkdtempSync(join(tmpdir(), 'tributary-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

it('makes a folder with those above it, and again', () => {
  const wanted = join(root, 'a', 'b', 'c');
  makeFolder(wanted);
  makeFolder(wanted);
  expect(existsSync(wanted)).toBe(true);
});

it('a folder whose way is closed by a file is told by its variable', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  for (const folder of [file, join(file, 'a', 'b')]) {
    await expect(inDataFolder(folder, async () => makeFolder(folder))).rejects.toThrow(/^The data folder \S+ cannot be used: .*Set DATA_DIR/);
  }
});

it.each([
  ['of another place', () => mkdir('/proc/nope/x')],
  ['of another kind', () => Promise.reject(new Error('broken'))],
])('a fault %s goes on as it is', async (_, work: () => Promise<unknown>) => {
  await expect(inDataFolder(root, work)).rejects.not.toThrow(/DATA_DIR/);
});
