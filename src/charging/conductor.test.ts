import { createTestDatabase, TestDatabase } from '../../test/support';
import { call, createWorld, flatRate, World, WorldAccount } from '../../test/support/world';
import { amount } from '../platform/money';

let db: TestDatabase;
let world: World;
const key = (name: string) => ({ tenantId: 1, caller: 'test', key: name });
const voice = (perMinute: string, increment = '1') => ({ kind: 'VOICE', unit: 'SECOND' as const, per: '60', rates: flatRate(perMinute, increment) });
const agent = (euros: bigint) => ({ kind: 'AGENT' as const, amount: amount(euros * 1_000_000n), currency: 'EUR', promotional: false, validUntil: null });

async function subscriber(number: string, offering: string, euros: bigint): Promise<WorldAccount> {
  const account = await world.account();
  if (euros > 0n) expect(await world.conductor.topUp(key(`t${number}`), { accountId: account.id, funding: agent(euros) })).toMatchObject({ ok: true });
  const activated = await world.conductor.activate(key(`a${number}`), {
    accountId: account.id, offeringCode: offering, startedAt: Date.now() - 3_600_000, identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
  });
  expect(activated).toMatchObject({ ok: true });
  return account;
}
const spendable = async (account: WorldAccount) => (await world.conductor.balances(1, [account.id]))[0]!.spendable;

beforeAll(async () => {
  db = await createTestDatabase();
  world = await createWorld(db);
  await world.offering({ code: 'payg', usage: [voice('0.10')] });
  await world.offering({ code: 'minutes', period: 'MONTH', fee: '5', usage: [voice('0.10', '60')],
    allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND', quantity: '90', step: '1' }] });
});
afterAll(async () => {
  await world.close();
  await db.dispose();
});

describe('a call', () => {
  it('is charged once, exactly, and a repeat gets the same answer', async () => {
    const account = await subscriber('353860000001', 'payg', 10n);
    const event = call('353860000001', 180n);
    const [first] = await world.conductor.chargeUsage([event], { delivered: false, lateLimitDays: undefined });
    expect(first).toMatchObject({ status: 'CHARGED', duplicate: false, charge: { net: 300_000n, tax: 0n } });
    const [again] = await world.conductor.chargeUsage([event], { delivered: false, lateLimitDays: undefined });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(await spendable(account)).toBe(9_700_000n);
  });

  it('is paid by the allowance first, then in the increments of the price', async () => {
    const account = await subscriber('353860000002', 'minutes', 10n);
    expect(await spendable(account)).toBe(5_000_000n);
    const [result] = await world.conductor.chargeUsage([call('353860000002', 127n)], { delivered: false, lateLimitDays: undefined });
    expect(result).toMatchObject({ status: 'CHARGED', charge: { net: 100_000n } });
    expect(await spendable(account)).toBe(4_900_000n);
  });

  it('is refused where the money does not cover it, and nothing changes', async () => {
    const account = await subscriber('353860000003', 'payg', 1n);
    const [result] = await world.conductor.chargeUsage([call('353860000003', 3_600n)], { delivered: false, lateLimitDays: undefined });
    expect(result).toMatchObject({ status: 'REFUSED', error: { code: 'INSUFFICIENT_BALANCE' } });
    expect(await spendable(account)).toBe(1_000_000n);
  });

  it('goes below zero only where it was delivered', async () => {
    const account = await subscriber('353860000004', 'payg', 1n);
    const [result] = await world.conductor.chargeUsage([call('353860000004', 3_600n)], { delivered: true, lateLimitDays: undefined });
    expect(result).toMatchObject({ status: 'CHARGED', charge: { net: 6_000_000n } });
    const { rows } = await db.appPool.query('select value, overused from bucket where root_id = $1', [account.rootId.toString()]);
    expect(rows).toEqual([{ value: '-5000000', overused: true }]);
  });

  it('of an unknown number is put aside', async () => {
    const [result] = await world.conductor.chargeUsage([call('353869999999', 1n)], { delivered: true, lateLimitDays: undefined });
    expect(result).toMatchObject({ status: 'QUARANTINED', error: { code: 'UNKNOWN_SUBSCRIBER' } });
  });
});

it('100 units, 200 takers on two nodes: exactly 100', async () => {
  const account = await subscriber('353860000005', 'payg', 10n);
  const other = (await createWorld(db)).conductor;
  const calls = Array.from({ length: 200 }, () => call('353860000005', 60n));
  const results = await Promise.all(calls.map((event, index) =>
    (index % 2 ? other : world.conductor).chargeUsage([event], { delivered: false, lateLimitDays: undefined })));
  expect(results.filter(([result]) => result!.status === 'CHARGED')).toHaveLength(100);
  expect(results.filter(([result]) => result!.status === 'REFUSED')).toHaveLength(100);
  expect(await spendable(account)).toBe(0n);
  await other.drain();
});
