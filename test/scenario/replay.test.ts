import { createTestDatabase, TestDatabase } from '../support';
import { call, createWorld, flatRate, World } from '../support/world';
import { amount, quantity } from '../../src/platform/money';
import { bodyHashOf } from '../../src/usage/usage.codec';

/* Invariant 8: a repeat gives the same answer and leaves the database as it was; the same key with another body is refused. */
let db: TestDatabase;
let world: World;
beforeAll(async () => {
  db = await createTestDatabase();
  world = await createWorld(db);
  await world.offering({ code: 'month', period: 'MONTH', fee: '5', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }],
    allowances: [{ code: 'min', kind: 'VOICE', unit: 'SECOND', quantity: '90', step: '1' }] });
});
afterAll(async () => {
  await world.close();
  await db.dispose();
});

const TABLES = ['bucket', 'charge', 'entry', 'request', 'counter', 'product', 'price_assignment', 'identifier', 'voucher', 'payment', 'unguided_usage', 'audit_log'];

async function digest(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of TABLES) {
    const text = `select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${table} t`;
    found[table] = (await db.ownerPool.query<{ digest: string }>({ text })).rows[0]!.digest;
  }
  return found;
}

it('every kind of request may be repeated', async () => {
  const { conductor } = world;
  const [from, to] = [await world.account(), await world.account()];
  const key = (name: string) => ({ tenantId: 1, caller: 'test', key: name,
    audit: { tenantId: 1, actor: 'test', role: 'FINANCE', operation: name, objectType: 'BillingAccount', objectId: '1', requestId: 'r' } });
  const euros = (value: bigint) => ({ kind: 'AGENT' as const, amount: amount(value * 1_000_000n), currency: 'EUR', promotional: false, validUntil: null });
  const usages = [call('353860000001', 60n), call('353860000001', 100n), call('353860000001', 80_000n)];
  const startedAt = Date.now() - 3_600_000;
  let productId = 0n;
  let position = 0n;
  const requests: readonly (() => Promise<unknown>)[] = [
    () => conductor.topUp(key('topUp'), { accountId: from.id, funding: euros(40n) }),
    () => conductor.topUp(key('topUp2'), { accountId: to.id, funding: euros(10n) }),
    () => conductor.activate(key('activate'), { accountId: from.id, offeringCode: 'month', startedAt, identifiers: [{ kind: 'MSISDN', value: '353860000001' }], attachedTo: null }),
    () => conductor.chargeUsage(usages, { delivered: false, lateLimitDays: undefined }),
    () => conductor.adjust(key('adjust'), { accountId: from.id, bucketId: 0, amount: 1_000_000n, reason: 'x' }),
    () => conductor.transfer(key('transfer'), { fromAccountId: from.id, toAccountId: to.id, amount: amount(2_000_000n), currency: 'EUR' }),
    () => conductor.transfer(key('refused'), { fromAccountId: from.id, toAccountId: to.id, amount: amount(49_000_000n), currency: 'EUR' }),
    () => conductor.refund(key('refund'), { rootId: from.rootId, position, amount: null, reason: 'GOODWILL' }),
    () => conductor.terminate(key('terminate'), { productId, at: null }),
  ];
  const first: unknown[] = [];
  for (const request of requests) {
    const answer = await request();
    first.push(answer);
    productId ||= BigInt((answer as { answer?: { productId?: string } }).answer?.productId ?? 0);
    if (Array.isArray(answer)) position = (answer as { charge: { position: bigint } }[])[1]!.charge.position;
  }
  expect(first.map((answer) => (Array.isArray(answer) ? answer.map((one: { status: string }) => one.status) : (answer as { ok: boolean }).ok)))
    .toEqual([true, true, true, ['CHARGED', 'CHARGED', 'REFUSED'], true, true, false, true, true]);
  const before = await digest();

  const again = await Promise.all(requests.map((request) => request()));
  expect(again).toEqual(first.map((answer) => {
    if (Array.isArray(answer)) return answer.map((one: object) => ({ ...one, duplicate: true }));
    return (answer as { ok: boolean }).ok ? { ...(answer as object), replayed: true } : answer;
  }));
  expect(await digest()).toEqual(before);

  const reused = await conductor.topUp(key('topUp'), { accountId: from.id, funding: euros(41n) });
  expect(reused).toMatchObject({ ok: false, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
  expect(await digest()).toEqual(before);

  const changed = { ...usages[0]!, quantity: quantity(61n) };
  const [conflict] = await conductor.chargeUsage([{ ...changed, bodyHash: bodyHashOf(changed) }], { delivered: false, lateLimitDays: undefined });
  expect(conflict).toMatchObject({ status: 'QUARANTINED', error: { code: 'USAGE_CONFLICT' } });
  expect({ ...(await digest()), unguided_usage: '' }).toEqual({ ...before, unguided_usage: '' });
});
