import { createTestDatabase, TestDatabase } from '../support';
import { call, createWorld, flatRate, World } from '../support/world';

let db: TestDatabase;
let world: World;
beforeAll(async () => {
  db = await createTestDatabase();
  world = await createWorld(db);
  await world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }] });
});
afterAll(async () => {
  await world.close();
  await db.dispose();
});

it('a member sees what is left of his own limit, the payer what is left of the payer\'s', async () => {
  const payer = await world.account({ mode: 'POSTPAID', limit: 50_000_000n });
  const member = await world.account({ mode: 'POSTPAID', limit: 2_000_000n, within: payer, payer });
  const spendable = async () => (await world.conductor.balances(1, [payer.id, member.id])).map((view) => view!.spendable);
  expect(await spendable()).toEqual([50_000_000n, 2_000_000n]);
  const activated = await world.conductor.activate({ tenantId: 1, caller: 'test', key: 'a' }, { accountId: member.id, offeringCode: 'payg',
    startedAt: Date.now() - 3_600_000, identifiers: [{ kind: 'MSISDN', value: '353860000001' }], attachedTo: null });
  expect(activated).toMatchObject({ ok: true });
  const charge = async (seconds: bigint) => (await world.conductor.chargeUsage([call('353860000001', seconds)], { delivered: false, lateLimitDays: undefined }))[0]!;
  expect(await charge(150n)).toMatchObject({ status: 'CHARGED', charge: { net: 1_500_000n } });
  expect(await spendable()).toEqual([48_500_000n, 500_000n]);
  expect(await charge(60n)).toMatchObject({ status: 'REFUSED' });
  expect(await spendable()).toEqual([48_500_000n, 500_000n]);
});
