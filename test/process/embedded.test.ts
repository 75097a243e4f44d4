import { chmodSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startEmbedded } from '../../src/platform/embedded';
import { livingServer, placesOf } from '../../src/platform/embedded/cluster';
import { asOwner, temporaryFolder } from '../support';

jest.setTimeout(60_000);

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const isRoot = process.getuid?.() === 0;

describe('the embedded PostgreSQL', () => {
  const folder = temporaryFolder();
  const places = placesOf(join(folder.path, 'postgres-18'));
  afterAll(() => folder.remove());

  it('is made once where two start at once on an empty folder, and both are served', async () => {
    const both = await Promise.all([1, 2].map(() => startEmbedded({ dataDir: folder.path, durable: true })));
    expect(new Set(both.map(({ url }) => url)).size).toBe(1);
    expect(both.filter(({ shared }) => !shared)).toHaveLength(1);
    const { rows } = await asOwner(both[1].url, (owner) => owner.query('select current_database() as name'));
    expect(rows).toEqual([{ name: 'tributary' }]);
    for (const { stop } of both) await stop();
    expect(livingServer(places)).toBeUndefined();
  });

  it('keeps its data and password to itself, and is durable and the same on every machine', async () => {
    const server = await startEmbedded({ dataDir: folder.path, durable: true });
    const { rows } = await asOwner(server.url, (owner) => owner.query(`
      select current_setting('fsync') fsync, current_setting('full_page_writes') pages, current_setting('synchronous_commit') sync,
             current_setting('listen_addresses') listens, current_setting('server_encoding') encoding,
             current_setting('TimeZone') zone, current_setting('max_wal_size') wal, datlocale as locale
        from pg_database where datname = current_database()`));
    await server.stop();
    expect(rows).toEqual([{
      fsync: 'on', pages: 'on', sync: 'on', listens: '127.0.0.1', encoding: 'UTF8', zone: 'UTC', wal: '4GB', locale: 'C.UTF-8',
    }]);
    expect([modeOf(places.data), modeOf(places.password), modeOf(places.log)]).toEqual([0o700, 0o600, 0o600]);
    expect(server.url).toContain(readFileSync(places.password, 'utf8'));
    expect(readFileSync(places.log, 'utf8')).not.toContain(readFileSync(places.password, 'utf8'));
  });

  it('refuses a connection without the password', async () => {
    const server = await startEmbedded({ dataDir: folder.path, durable: true });
    const open = new URL(server.url);
    open.password = 'guessed';
    await expect(asOwner(open.toString(), (owner) => owner.query('select 1'))).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  // Another account than ours runs the server only where we are root.
  (isRoot ? it : it.skip)('moves to /var/tmp where its account cannot come into the folder', async () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    const server = await startEmbedded({ dataDir: join(closed, 'data'), durable: true });
    await server.stop();
    expect(server.folder).toMatch(/^\/var\/tmp\/tributary-0-[0-9a-f]{12}\/postgres-18$/);
    rmSync(dirname(server.folder), { recursive: true });
  });
});
