import type { Pool } from 'pg';
import pino from 'pino';
import { createTestDatabase, TestDatabase } from '../../test/support';
import { createPool } from '../platform/db';
import { LiveHub } from './live-hub';
import { Outbox } from './outbox';
import { SignalLine } from './signal-line';

let db: TestDatabase;
const log = pino({ level: 'silent' });
const opened: { hub: LiveHub; pool: Pool }[] = [];

interface TestHub {
  readonly hub: LiveHub;
  /** Comparisons asked so far. */
  readonly compared: () => number;
}

/**
 * A hub whose comparison of positions finds nothing, so that signals stand alone; with `positions` it finds those, and
 * compares once a second.
 */
async function openHub(positions?: () => { root_id: string; position: string; setup_version: string }[]): Promise<TestHub> {
  const pool = createPool({ url: db.ownerUrl, setRole: true, max: 1, name: 'test live' });
  let compared = 0;
  const compares = { query: async () => { compared += 1; return { rows: positions?.() ?? [] }; } } as unknown as Pool;
  const line = new SignalLine(pool, log);
  const hub = new LiveHub(compares, new Outbox((messages) => line.send(messages)), line, log);
  opened.push({ hub, pool });
  const first = hub.watch(root(999n), () => undefined);
  if (positions) hub.start();
  else line.start();
  await until(() => compared > 0);
  first.close();
  return { hub, compared: () => compared };
}
const root = (rootId: bigint) => ({ shard: 1, rootId });
const moved = (rootId: bigint, position: bigint, setupVersion = 1n) => [{ ...root(rootId), position, setupVersion }];
async function until(what: () => boolean): Promise<void> {
  for (let round = 0; round < 150 && !what(); round++) await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(what()).toBe(true);
}

beforeAll(async () => { db = await createTestDatabase(); });
afterEach(async () => {
  for (const { hub, pool } of opened.splice(0)) {
    await hub.stop();
    await pool.end();
  }
});
afterAll(() => db.dispose());

describe('a hub', () => {
  it('rings its own readers at once, and those of another hub by a signal', async () => {
    const [here, there] = [await openHub(), await openHub()];
    const rings = { here: 0, there: 0 };
    const near = here.hub.watch(root(4n), () => { rings.here += 1; });
    const far = there.hub.watch(root(4n), () => { rings.there += 1; });
    here.hub.committed(moved(4n, 10n));
    expect([near.position, rings.here]).toEqual([10n, 1]);
    await until(() => far.position === 10n);
    expect(rings).toEqual({ here: 1, there: 1 });
  });

  it('never takes a position back, and rings nobody for what it knew', async () => {
    const { hub } = await openHub();
    let rings = 0;
    const watch = hub.watch(root(4n), () => { rings += 1; });
    hub.committed(moved(4n, 10n));
    hub.committed(moved(4n, 9n));
    hub.committed(moved(4n, 10n));
    expect([watch.position, rings]).toEqual([10n, 1]);
    hub.committed(moved(4n, 10n, 2n));
    expect([watch.setupVersion, rings]).toEqual([2n, 2]);
  });

  it('finds by comparison what no signal told', async () => {
    let position = '5';
    const { hub } = await openHub(() => [{ root_id: '4', position, setup_version: '3' }]);
    const watch = hub.watch(root(4n), () => undefined);
    await until(() => watch.position === 5n);
    position = '8';
    await until(() => watch.position === 8n);
    expect(watch.setupVersion).toBe(3n);
  });

  it('looks at everything at every new connection', async () => {
    const { hub, compared } = await openHub();
    hub.watch(root(4n), () => undefined);
    const before = compared();
    await db.ownerPool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'test live'`);
    await until(() => compared() > before);
    const other = await openHub();
    const far = hub.watch(root(6n), () => undefined);
    other.hub.committed(moved(6n, 3n));
    await until(() => far.position === 3n);
  });

  it('holds nothing of a reader that closed, twice closed or not', async () => {
    const { hub } = await openHub();
    let rings = 0;
    const [one, two] = [hub.watch(root(4n), () => { rings += 1; }), hub.watch(root(4n), () => { rings += 1; })];
    expect(hub.readers).toBe(2);
    one.close();
    one.close();
    hub.committed(moved(4n, 1n));
    expect([hub.readers, rings]).toEqual([1, 1]);
    two.close();
    hub.committed(moved(4n, 2n));
    expect([hub.readers, rings, two.position]).toEqual([0, 1, 1n]);
  });

  it('is not misled by what strangers notify', async () => {
    const { hub } = await openHub();
    const watch = hub.watch(root(4n), () => undefined);
    for (const payload of ['', 'x', 'x 4:zz:1', 'x 4;1', '💥 4:1é']) await db.ownerPool.query('select pg_notify($1, $2)', ['tributary_roots', payload]);
    await db.ownerPool.query('select pg_notify($1, $2)', ['tributary_roots', 'stranger 4:2']);
    await until(() => watch.position === 2n);
  });
});
