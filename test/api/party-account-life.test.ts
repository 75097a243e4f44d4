import { openBalanceWorld, BalanceWorld, accountId, Shown, tokenOf } from './balance-world';
import { call, flatRate, WorldAccount } from '../support/world';

let open: BalanceWorld;
const CRM = tokenOf('CRM_AGENT', { moneyLimit: '50' });
const NUMBER = '353860000042';
let keys = 0;
const key = () => ({ tenantId: 1, caller: 'test', key: `k${(keys += 1)}` });

beforeAll(async () => {
  open = await openBalanceWorld();
  await open.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
});
afterAll(() => open.dispose());

async function step(field: string, account: WorldAccount, expectedVersion: number): Promise<Shown> {
  const { data, codes } = await open.node.ask(CRM,
    `mutation($input: BillingAccountStepInput!) { ${field}(input: $input) { billingAccount { state version } errors { code path } } }`,
    { input: { billingAccountId: accountId(account), expectedVersion, reason: 'asked for by the customer' } });
  if (!data) throw new Error(codes.join());
  return data[field];
}
const use = async (): Promise<string> =>
  (await open.node.conductor.chargeUsage([call(NUMBER, 60n)], { delivered: false, lateLimitDays: undefined }))[0]!.status;

it('an account is suspended, resumed and closed, each step once, and closing leaves nothing behind', async () => {
  const account = await open.world.account();
  const topUp = { accountId: account.id, funding: { kind: 'AGENT' as const, amount: 1_000_000n as never, currency: 'EUR', promotional: false, validUntil: null } };
  expect(await open.node.conductor.topUp(key(), topUp)).toMatchObject({ ok: true });
  const bought = await open.node.conductor.activate(key(), {
    accountId: account.id, offeringCode: 'payg', startedAt: Date.now() - 3_600_000, identifiers: [{ kind: 'MSISDN', value: NUMBER }], attachedTo: null,
  });
  if (!bought.ok) throw new Error(bought.errors[0]?.message);
  expect(await use()).toBe('CHARGED');

  expect(await step('billingAccountResume', account, 1)).toMatchObject({ billingAccount: null, errors: [{ code: 'CONFLICT', path: ['billingAccountId'] }] });
  expect(await step('billingAccountSuspend', account, 1)).toMatchObject({ billingAccount: { state: 'SUSPENDED', version: 2 }, errors: [] });
  expect(await use()).toBe('REFUSED');
  expect(await step('billingAccountSuspend', account, 1)).toMatchObject({ errors: [{ code: 'CONFLICT', path: ['expectedVersion'] }] });
  expect(await step('billingAccountResume', account, 2)).toMatchObject({ billingAccount: { state: 'ACTIVE', version: 3 } });
  expect(await use()).toBe('CHARGED');

  const closed = async (): Promise<Shown> => step('billingAccountClose', account, 3);
  expect(await closed()).toMatchObject({ errors: [{ code: 'CONFLICT', path: ['billingAccountId'] }] });
  expect(await open.node.conductor.terminate(key(), { productId: BigInt(bought.answer.productId), at: null })).toMatchObject({ ok: true });
  // 1.00 less two calls of 0.10 are still there.
  expect(await closed()).toMatchObject({ errors: [{ code: 'CONFLICT', path: ['billingAccountId'] }] });
  expect(await open.node.conductor.adjust(key(), { accountId: account.id, bucketId: 0, amount: -800_000n, reason: 'paid out' })).toMatchObject({ ok: true });
  expect(await closed()).toMatchObject({ billingAccount: { state: 'CLOSED', version: 4 }, errors: [] });
  expect(await step('billingAccountResume', account, 4)).toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  expect(await open.node.conductor.topUp(key(), topUp)).toMatchObject({ ok: false });
  const { rows } = await open.db.ownerPool.query('select valid_until <= clock_timestamp() as is_free from identifier where value = $1', [NUMBER]);
  expect(rows).toEqual([{ is_free: true }]);
  const { rows: trail } = await open.db.ownerPool.query(`select operation, result, before->>'state' as before, after->>'state' as after from audit_log
    where object_id = $1 and operation in ('billingAccountSuspend', 'billingAccountResume', 'billingAccountClose') and result = 'DONE' order by sequence`, [account.id.toString()]);
  expect(trail).toEqual([
    { operation: 'billingAccountSuspend', result: 'DONE', before: 'ACTIVE', after: 'SUSPENDED' },
    { operation: 'billingAccountResume', result: 'DONE', before: 'SUSPENDED', after: 'ACTIVE' },
    { operation: 'billingAccountClose', result: 'DONE', before: 'ACTIVE', after: 'CLOSED' },
  ]);
});

it('an account that pays for another, or has open ones below it, stays open', async () => {
  const payer = await open.world.account();
  await open.world.account({ within: payer, payer });
  expect(await step('billingAccountClose', payer, 1)).toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  const above = await open.world.account();
  const below = await open.world.account();
  await open.db.ownerPool.query('update billing_account set parent_id = $1 where id = $2', [above.id.toString(), below.id.toString()]);
  expect(await step('billingAccountClose', above, 1)).toMatchObject({ errors: [{ code: 'CONFLICT' }] });
  expect(await step('billingAccountClose', below, 1)).toMatchObject({ billingAccount: { state: 'CLOSED' } });
  expect(await step('billingAccountClose', above, 1)).toMatchObject({ billingAccount: { state: 'CLOSED' } });
});
