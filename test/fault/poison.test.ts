import { violationsOf } from '../support';
import { quantity } from '../../src/platform/money';
import type { UsageEvent } from '../../src/usage/usage.types';
import { openUsageWorld, UsageWorld, voice } from '../api/usage-world';
import { call, flatRate } from '../support/world';
import { DELIVERED, FaultWorld, numberOf, openFaultWorld } from './fault-world';

jest.setTimeout(60_000);

describe('poison behind the API\'s checks', () => {
  let fault: FaultWorld;
  const batches: number[] = [];
  beforeAll(async () => { fault = await openFaultWorld(3, 1_000n); });
  afterAll(() => fault.close());

  const POISON: readonly (readonly [string, Partial<UsageEvent>, string])[] = [
    ['U+0000 in its id', { usageId: 'poison\0' }, 'INVALID_INPUT'],
    ['U+0000 in its other party', { otherParty: '353861\0' }, 'INVALID_INPUT'],
    ['a quantity of 1e30', { quantity: quantity(10n ** 30n) }, 'USAGE_TOO_LONG'],
    ['a quantity at the end of int8', { quantity: quantity(2n ** 63n - 1n) }, 'USAGE_TOO_LONG'],
  ];

  it.each(POISON)('%s: its own error, its neighbours succeed, and it is not tried for ever', async (_, over, code) => {
    const node = fault.node(fault.db.ownerUrl, { observe: ({ size }) => { batches.push(size); } });
    const good = Array.from({ length: 40 }, (_, index) => call(numberOf(index % 3), 60n));
    const bad = call(numberOf(1), 60n, over);
    batches.length = 0;
    const results = await node.chargeUsage([...good.slice(0, 20), bad, ...good.slice(20)], { ...DELIVERED, delivered: true });
    const [poisoned] = results.splice(20, 1);
    expect(results.map(({ status }) => status)).toEqual(good.map(() => 'CHARGED'));
    expect(poisoned).toMatchObject({ charge: null, error: { code } });
    await node.drain();
    expect(node.queued).toBe(0);
    // Halving finds one of 41 in six steps.
    expect(batches.length).toBeLessThan(16);
  });

  it('leaves the books sound', async () => expect(await violationsOf(fault.db.ownerPool)).toEqual([]));
});

describe('poison in a call of the API', () => {
  const NUMBER = '353861000001';
  let usage: UsageWorld;
  beforeAll(async () => {
    usage = await openUsageWorld();
    await usage.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
    await usage.subscriber({ number: NUMBER, offering: 'payg', euros: 100n });
  });
  afterAll(() => usage.close());

  it('has its own error at its own place; its neighbours are charged', async () => {
    const poison = [
      voice(NUMBER, '60', { usageId: 'nul\0' }), voice(NUMBER, '60', { usageId: 'half\ud800' }), voice(NUMBER, '60', { usageId: 'x'.repeat(100_000) }),
      voice(NUMBER, `1${'0'.repeat(30)}`), voice(NUMBER, `1.${'1'.repeat(40)}`), voice(NUMBER, '-60'), voice('nobody\0', '60'),
      voice(NUMBER, '60', { attributes: [{ name: 'cell', value: 'a\0b' }] }), voice(NUMBER, '60', { attributes: [{ name: 'cell', value: '\udfff' }] }),
    ];
    const mixed = poison.flatMap((bad) => [voice(NUMBER, '60'), bad]);
    const sent = await usage.send([...mixed, voice('353869999999', '60')]);
    expect(sent.results.slice(0, -1).map(({ status }) => status)).toEqual(poison.flatMap(() => ['CHARGED', 'INVALID']));
    expect(sent.results.at(-1)).toMatchObject({ status: 'QUARANTINED', error: { code: 'UNKNOWN_SUBSCRIBER' } });
    expect(sent).toMatchObject({ accepted: poison.length, invalid: poison.length, quarantined: 1, failed: 0 });
  });

  it('parks what nobody owns with its reason, once', async () => {
    const { rows } = await usage.db.ownerPool.query(`select state, reason, attempts from unguided_usage`);
    expect(rows).toEqual([{ state: 'OPEN', reason: 'UNKNOWN_SUBSCRIBER', attempts: 1 }]);
  });
});
