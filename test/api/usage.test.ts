import { flatRate } from '../support/world';
import { openUsageWorld, spendable, UsageWorld, voice } from './usage-world';

let w: UsageWorld;

beforeAll(async () => {
  w = await openUsageWorld();
  await w.world.offering({ code: 'payg', usage: [
    { kind: 'VOICE', unit: 'SECOND', per: '60', rates: [
      { zone: 'Freephone', prefixes: ['3531800'], connectFee: '0', steps: [{ from: '0', amount: '0', increment: '1' }] },
      { zone: 'All', prefixes: ['*'], connectFee: '0', steps: [{ from: '0', amount: '0.10', increment: '1' }] }] },
    { kind: 'SMS', unit: 'EVENT', per: '1', rates: flatRate('0.05') },
  ] });
});
afterAll(() => w.close());

describe('usageCharge', () => {
  it('charges a call exactly, once, whatever its number looks like', async () => {
    const ann = await w.subscriber({ number: '353860000001', offering: 'payg' });
    const usage = voice('086 000 0001', '180');
    const first = await w.send([usage]);
    expect(first).toMatchObject({ accepted: 1, duplicates: 0, errors: [] });
    expect(first.results[0]).toMatchObject({
      status: 'CHARGED', duplicate: false, error: null,
      charges: [{ role: 'RETAIL', net: { amount: '0.30', currency: 'EUR' }, tax: { amount: '0.00' }, gross: { amount: '0.30', currency: 'EUR' } }],
    });
    const again = await w.send([{ ...usage, subscriber: { msisdn: '+353860000001' } }]);
    expect(again).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(again.results[0]).toEqual({ ...first.results[0], duplicate: true });
    expect(await spendable(w, ann)).toBe(9_700_000n);
  });
});
