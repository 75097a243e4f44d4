import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const PAGE = join(ROOT, 'assets', 'graphiql');
const WORKSPACE = join(ROOT, 'web', 'graphiql');
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why the check in a browser cannot run here, or null. */
function missing(): string | null {
  if (!existsSync(BROWSER)) return `there is no browser at ${BROWSER}`;
  return existsSync(join(WORKSPACE, 'node_modules')) ? null : 'web/graphiql is not installed (npm ci --prefix web/graphiql)';
}

describe('the committed GraphiQL page', () => {
  const index = readFileSync(join(PAGE, 'index.html'), 'utf8');
  const files = readdirSync(PAGE, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(PAGE, name)).isFile());

  it('names only files that are there, by addresses below its own', () => {
    const named = [...index.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]).filter((address) => !address.startsWith('data:'));
    expect(named.length).toBeGreaterThanOrEqual(2);
    for (const address of named) {
      expect(address).toMatch(/^graphql\/assets\/[\w.-]+$/);
      expect(files).toContain(address.replace('graphql/', ''));
    }
  });

  it('is small enough to live in the repository, without source maps, with the licences of what it holds', () => {
    const bytes = files.reduce((sum, name) => sum + statSync(join(PAGE, name)).size, 0);
    expect(bytes).toBeLessThan(8_000_000);
    expect(files.filter((name) => name.endsWith('.map'))).toEqual([]);
    const licences = readFileSync(join(PAGE, 'assets', 'licenses.md'), 'utf8');
    for (const name of ['graphiql', 'monaco-editor', 'react', 'graphql-ws']) expect(licences).toContain(`## ${name} - `);
  });

  const reason = missing();
  if (reason !== null) process.stderr.write(`The check of GraphiQL in a browser is skipped: ${reason}.\n`);

  (reason === null ? it : it.skip)('loads, queries and subscribes in a browser without asking the outside', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['check.mjs'], { cwd: WORKSPACE, timeout: 100_000 });
    expect(stdout.replace(/\d+ requests/g, 'n requests').trim().split('\n')).toEqual([
      'first visit: ok, n requests, 0 outside', 'query: ok, n requests, 0 outside', 'subscription: ok, n requests, 0 outside',
    ]);
  }, 120_000);
});
