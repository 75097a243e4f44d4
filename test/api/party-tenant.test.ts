import { SettingsInvalid, TenantDirectory } from '../../src/tenant';
import { callerOf, openPartyWorld, PartyWorld } from './party-world';

const admin = callerOf('ADMIN');
const DAY = 86_400_000;

interface Outcome {
  readonly businessTime: string | null;
  readonly errors: { readonly code: string; readonly path: string[] }[];
}

describe('tenants', () => {
  let world: PartyWorld;

  beforeEach(async () => {
    world = await openPartyWorld();
  });

  afterEach(() => world.dispose());

  const advance = (until: Date, caller = admin): Promise<Outcome> =>
    world.change(caller, 'tenantClockAdvance', 'businessTime', { until: until.toISOString() });
  async function businessTime(tenantId = 1): Promise<number> {
    const { data } = await world.ask(callerOf('NETWORK', tenantId), '{ businessTime }');
    return Date.parse(data?.businessTime as string);
  }
  const near = (instant: number): { asymmetricMatch(other: unknown): boolean } => expect.closeTo(instant, -4.5);

  it('have business time: the database\'s clock until a sandbox is moved, then ahead of it and running on', async () => {
    expect(await businessTime()).toEqual(near(Date.now()));
    const until = Date.now() + 40 * DAY;
    const { businessTime: after, errors } = await advance(new Date(until));
    expect(errors).toEqual([]);
    expect(Date.parse(after ?? '')).toEqual(near(until));
    const later = await businessTime();
    expect(later).toBeGreaterThanOrEqual(until);
    expect(await businessTime(2)).toEqual(near(Date.now()));
    expect((await world.services.tenants.require(1)).clockOffsetMs).toBeGreaterThan(39n * BigInt(DAY));
  });

  it.each([
    ['backward', -1, 'CLOCK_BACKWARD'], ['more than ten years', 3_700 * DAY, 'INVALID_INPUT'],
  ])('do not let the clock go %s, and audit that it was tried', async (_, step, code) => {
    await advance(new Date(Date.now() + 10 * DAY));
    const before = await businessTime();
    expect(await advance(new Date(before + step))).toEqual({ businessTime: null, errors: [{ code, path: ['until'] }] });
    expect(await businessTime() - before).toBeLessThan(60_000);
    const { rows } = await world.database.ownerPool.query(
      `select operation, object_type, object_id, result, after->>'errorCode' as code from audit_log where tenant_id = 1 order by sequence`);
    const row = { operation: 'tenantClockAdvance', object_type: 'Tenant', object_id: '1' };
    expect(rows).toEqual([{ ...row, result: 'DONE', code: null }, { ...row, result: 'REFUSED', code }]);
  });

  it('that are no sandbox keep real time', async () => {
    expect((await advance(new Date(Date.now() + DAY), callerOf('ADMIN', 2))).errors).toEqual([{ code: 'NOT_ALLOWED', path: [] }]);
    expect(await businessTime(2)).toEqual(near(Date.now()));
  });

  it('are moved by an admin only', async () => {
    const { codes } = await world.ask(callerOf('CRM_AGENT'), 'mutation { tenantClockAdvance(input: { until: "2030-01-01T00:00:00Z" }) { errors { code } } }');
    expect(codes).toEqual(['FORBIDDEN']);
  });

  it('never go backward under ten moves at once', async () => {
    const start = Date.now() + DAY;
    const targets = Array.from({ length: 10 }, (_, step) => start + step * DAY);
    const outcomes = await Promise.all(targets.map((until) => advance(new Date(until))));
    const done = outcomes.filter(({ errors }) => errors.length === 0);
    expect(done.length).toBeGreaterThan(0);
    expect(await businessTime()).toEqual(near(targets[9]));
  });

  it('are known by id and code; a broken setting fails its own tenant only', async () => {
    await world.database.ownerPool.query(`update tenant set settings = '{"graceDays": "30"}' where id = 2`);
    const directory = new TenantDirectory(world.database.appPool);
    expect(await directory.findByCode('one')).toMatchObject({ id: 1, currency: 'EUR', isSandbox: true, settings: { lateLimitDays: 60 } });
    await expect(directory.find(2)).rejects.toThrow(SettingsInvalid);
    expect([await directory.find(99), await directory.findByCode('none'), await directory.ids()]).toEqual([null, null, [1, 2]]);
    await expect(directory.require(99)).rejects.toThrow('does not exist');
  });

  it('are read again after two seconds, and at once after an invalidation', async () => {
    const directory = new TenantDirectory(world.database.appPool);
    const graceDays = async (): Promise<number | undefined> => (await directory.find(1))?.settings.graceDays;
    const store = (days: number): Promise<unknown> =>
      world.database.ownerPool.query(`update tenant set settings = json_build_object('graceDays', $1::int) where id = 1`, [days]);
    expect(await graceDays()).toBe(30);
    await store(5);
    expect(await graceDays()).toBe(30);
    directory.invalidate();
    expect(await graceDays()).toBe(5);
    await store(6);
    await new Promise((resolve) => { setTimeout(resolve, 2_100); });
    expect(await graceDays()).toBe(6);
  });
});
