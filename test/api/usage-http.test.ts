import type { ServerServices } from '../../src/platform/server';
import { buildApiSchema } from '../../src/schema';
import { flatRate } from '../support/world';
import { ask, FakeAuth, startTestServer, TestServer } from './server.fixture';
import { openUsageWorld, Sent, spendable, UsageWorld, voice } from './usage-world';

let w: UsageWorld;
let server: TestServer;
const token = 'NETWORK.msc';
const CHARGE = 'mutation($input: UsageChargeInput!) { usageCharge(input: $input) { accepted invalid results { usageId status charges { gross { amount } } } } }';

beforeAll(async () => {
  w = await openUsageWorld();
  await w.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
  const services = { ...w.services, auth: new FakeAuth() } as unknown as ServerServices;
  server = await startTestServer({}, { services, schema: buildApiSchema() });
});
afterAll(async () => {
  await server.stop();
  await w.close();
});

it('1,000 usages go over HTTP in one call', async () => {
  const ann = await w.subscriber({ number: '353860000001', offering: 'payg', euros: 100n });
  const usages = Array.from({ length: 1_000 }, () => voice('353860000001', '6'));
  const { status, data } = await ask(server, CHARGE, { token, variables: { input: { source: 'msc1', usages } } });
  expect(status).toBe(200);
  const { results, ...counts } = data!.usageCharge as Sent;
  expect(counts).toEqual({ accepted: 1_000, invalid: 0 });
  expect(results[999]).toEqual({ usageId: usages[999]!.usageId, status: 'CHARGED', charges: [{ gross: { amount: '0.01' } }] });
  expect(await spendable(w, ann)).toBe(90_000_000n);
});

it('usages written into the document are read as those in variables', async () => {
  await w.subscriber({ number: '353860000002', offering: 'payg' });
  const { data } = await ask(server, `mutation { usageCharge(input: { source: "msc1", usages: [{ usageId: "inline", subscriber: { msisdn: "0860000002" },
    startedAt: "2026-11-16T11:30:00Z", voice: { direction: OUTGOING, otherParty: "0861111111", quantity: { amount: "60", unit: SECOND } } }] }) { results { status } } }`, { token });
  expect(data!.usageCharge).toEqual({ results: [{ status: 'CHARGED' }] });
});

it.each<[string, Record<string, unknown>, string]>([
  ['a JSON number', { quantity: { amount: 9007199254740992, unit: 'SECOND' } }, 'input.usages[1].voice.quantity.amount'],
  ['an unknown unit', { quantity: { amount: '1', unit: 'MINUTE' } }, 'input.usages[1].voice.quantity.unit'],
  ['an unknown field', { minutes: '1' }, 'input.usages[1].voice'],
])('row 50: %s is refused with its place before anything is charged', async (_, call, place) => {
  const usages = [voice('353860000001', '6'), voice('353860000001', '6', {}, call)];
  const before = await w.db.ownerPool.query('select count(*) from charge');
  const { status, errors } = await ask(server, CHARGE, { token, variables: { input: { source: 'msc1', usages } } });
  expect(status).toBe(400);
  expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) })]);
  expect(errors[0]!.message).toContain(place);
  expect((await w.db.ownerPool.query('select count(*) from charge')).rows).toEqual(before.rows);
});

it('one request charges once: two money moves are refused', async () => {
  const { status, errors } = await ask(server,
    'mutation($input: UsageChargeInput!) { a: usageCharge(input: $input) { accepted } b: usageCharge(input: $input) { accepted } }',
    { token, variables: { input: { source: 'msc1', usages: [voice('353860000001', '6')] } } });
  expect(status).toBe(400);
  expect(errors).toHaveLength(1);
});
