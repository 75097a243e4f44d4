import type { OfferingDraft, PriceDraft } from '../../src/catalog';
import { quantity } from '../../src/platform/money';
import { bodyHashOf } from '../../src/usage/usage.codec';
import type { UsageEvent } from '../../src/usage/usage.types';
import { seedActor } from '../../seeds/context';
import { MOBILE_PREPAID } from '../../seeds/offerings/mobile-prepaid';
import { NUMBERS } from '../../seeds/people';
import { accountOf, openSeededRooms, SeededRooms } from './seeds-support';

const DEMO = 1;

/** The price with every amount of its first steps replaced. */
const repriced = (price: PriceDraft, amount: string): PriceDraft => ({
  ...price,
  usage: price.usage && {
    ...price.usage, rates: price.usage.rates.map((rate) => ({ ...rate, windows: [], steps: [{ from: 0n, amount, increment: 1n }] })),
  },
});

/** A dearer version: calls 1.00 a minute to anywhere, premium messages 3.00. */
const DEARER: OfferingDraft = {
  ...MOBILE_PREPAID,
  prices: MOBILE_PREPAID.prices.map((price) => (
    price.code === 'calls' ? repriced(price, '1.00') : price.code === 'premium-messages' ? repriced(price, '3.00') : price)),
};

describe('a launch', () => {
  let seeded: SeededRooms;
  let launchedAt: number;

  beforeAll(async () => {
    seeded = await openSeededRooms();
    const { catalog } = seeded.rooms;
    await catalog.draft(seedActor(DEMO), DEARER);
    launchedAt = (await catalog.launch(seedActor(DEMO), { code: DEARER.code, version: null, validFrom: null })).validFrom.getTime();
  });

  afterAll(() => seeded.close());

  /** Gross millionths of a usage, or its error code. */
  async function charged(usageId: string, number: string, more: Partial<UsageEvent>): Promise<bigint | string> {
    const event = {
      tenantId: DEMO, source: 'msc1', usageId, kind: 'VOICE', direction: 'OUTGOING', subscriber: { kind: 'MSISDN', value: number },
      startedAt: launchedAt + 1_000, endedAt: null, quantity: quantity(60n), unit: 'SECOND', otherParty: NUMBERS.bob, otherNetwork: null,
      attributes: {}, emergency: false, ...more,
    } as const;
    const [{ charge, error }] = await seeded.rooms.charging.chargeUsage(
      [{ ...event, bodyHash: bodyHashOf(event) }], { delivered: true, lateLimitDays: undefined });
    return charge ? charge.net + charge.tax : error?.code ?? 'nothing';
  }

  const quiz: Partial<UsageEvent> = {
    kind: 'SMS', unit: 'EVENT', quantity: quantity(1n), otherParty: '57500', attributes: { numberKind: 'SHORT' },
  };

  it('changes nothing for a product that was bought before', async () => {
    expect(await charged('launch-1', NUMBERS.alice, {})).toBe(50_000n);
  });

  it('changes a list price for every product, from its own instant on', async () => {
    expect(await charged('launch-2', NUMBERS.alice, { ...quiz, startedAt: launchedAt - 1_000 })).toBe(1_500_000n);
    expect(await charged('launch-3', NUMBERS.alice, quiz)).toBe(3_000_000n);
  });

  it('is what a product bought afterwards pays', async () => {
    const account = await accountOf(seeded, 'alice');
    const number = '353209100099';
    const activated = await seeded.rooms.charging.activate({ tenantId: DEMO, caller: 'test', key: 'second-line' }, {
      accountId: account, offeringCode: DEARER.code, startedAt: launchedAt + 1, identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
    });
    expect(activated.ok).toBe(true);
    expect(await charged('launch-4', number, {})).toBe(1_000_000n);
    expect(await charged('launch-5', NUMBERS.alice, {})).toBe(50_000n);
  });

  it('that is followed by retirement: no longer sold, its products live on', async () => {
    await seeded.rooms.catalog.retire(seedActor(DEMO), { code: DEARER.code, at: null });
    const refused = await seeded.rooms.charging.activate({ tenantId: DEMO, caller: 'test', key: 'third-line' }, {
      accountId: await accountOf(seeded, 'alice'), offeringCode: DEARER.code, startedAt: null, identifiers: [], attachedTo: null,
    });
    expect(refused).toMatchObject({ ok: false, errors: [{ code: 'OFFERING_NOT_SOLD' }] });
    expect(await charged('launch-6', NUMBERS.alice, {})).toBe(50_000n);
    expect(await charged('launch-7', NUMBERS.alice, quiz)).toBe(3_000_000n);
  });
});
