import type { OfferingDraft, PriceDraft, UsagePriceVersion } from '../../src/catalog';
import { definitionOf } from '../../src/catalog/definition.rules';
import { formatAmount, quantity, ZERO_QUANTITY } from '../../src/platform/money';
import { choosePrice, compilePrice, priceSpan, UsageToRate } from '../../src/rating';
import { UNIT_OF_KIND, UsageKind } from '../../src/usage/usage.types';
import { DATA_SIM, HOME_INTERNET } from '../../seeds/offerings/data-and-home';
import { IRISH_BILL_2014 } from '../../seeds/offerings/irish-bill-2014';
import { FAMILY_LINE, MOBILE_POSTPAID } from '../../seeds/offerings/mobile-postpaid';
import { MOBILE_PREPAID } from '../../seeds/offerings/mobile-prepaid';

/** Monday noon in Ireland. */
const NOON = '2026-11-23T12:00:00Z';

function versionOf(price: PriceDraft, index: number): UsagePriceVersion[] {
  const { usage, name, currency, taxClass, taxIncluded, revenueAccount, recognition, listPriced } = price;
  if (!usage) return [];
  const ids = { id: `${index}`, priceId: `${index}`, version: 1 };
  const head = { name, currency, taxClass, taxIncluded, revenueAccount, recognition, listPriced };
  return [{ ...head, ...ids, priceType: 'USAGE', unit: usage.unit, per: usage.per, definition: definitionOf(usage) }];
}

interface Used {
  readonly to?: string;
  readonly at?: string;
  /** Whether it reached the subscriber instead of being made by him. */
  readonly received?: boolean;
  readonly attributes?: Record<string, string>;
  /** Units of the bill cycle before. */
  readonly before?: bigint;
}

/** What the usage costs by the offering, without any allowance; "NO_PRICE" or "NO_DESTINATION" where nothing prices it. */
function cost(offering: OfferingDraft, kind: Exclude<UsageKind, 'GENERIC'>, units: bigint, used: Used): string {
  const usage: UsageToRate = {
    kind, startedAt: Date.parse(used.at ?? NOON), quantity: quantity(units), unit: UNIT_OF_KIND[kind], otherParty: used.to ?? null,
    otherNetwork: null, attributes: used.attributes ?? {}, direction: kind === 'DATA' ? null : directionOf(used),
  };
  const candidates = offering.prices.flatMap(versionOf).map((version) => (
    { price: compilePrice(version), productPriority: 100, isAddOn: false, productStartedAt: 0, productId: '1' }));
  const chosen = choosePrice(usage, candidates);
  if (typeof chosen === 'string') return chosen;
  const span = { offset: ZERO_QUANTITY, quantity: quantity(units), counterBefore: quantity(used.before ?? 0n), chargeConnectFee: true };
  return formatAmount(priceSpan(usage, chosen, span).amount, 'EUR');
}

const directionOf = ({ received = false }: Used): 'INCOMING' | 'OUTGOING' => (received ? 'INCOMING' : 'OUTGOING');

const SHORT = { numberKind: 'SHORT' };
const network = (networkType: string, name = networkType): Used => ({ attributes: { networkType, network: name } });

describe('what the stories pay, as docs/seeds.md tells it', () => {
  it.each<[string, Exclude<UsageKind, 'GENERIC'>, bigint, Used, string]>([
    ['90 s to the own network', 'VOICE', 90n, { to: '353209100002' }, '0.075'],
    ['10 s to an Irish mobile', 'VOICE', 10n, { to: '353861234567' }, '0.20'],
    ['61 s to an Irish mobile', 'VOICE', 61n, { to: '353861234567' }, '0.203333'],
    ['90 s to a landline at noon', 'VOICE', 90n, { to: '35316123456' }, '0.15'],
    ['60 s to a landline across seven in the evening', 'VOICE', 60n, { to: '35316123456', at: '2026-11-23T18:59:30Z' }, '0.075'],
    ['60 s to a landline on Sunday', 'VOICE', 60n, { to: '35316123456', at: '2026-11-22T12:00:00Z' }, '0.05'],
    ['60 s to a landline on Christmas Day', 'VOICE', 60n, { to: '35316123456', at: '2026-12-25T12:00:00Z' }, '0.00'],
    ['60 s to a freephone number', 'VOICE', 60n, { to: '3531800123456' }, '0.00'],
    ['90 s to Britain', 'VOICE', 90n, { to: '442079460000' }, '0.40'],
    ['31 s to Germany', 'VOICE', 31n, { to: '4930123456' }, '0.35'],
    ['60 s to California, whose number begins like voicemail', 'VOICE', 60n, { to: '17145550100' }, '0.35'],
    ['5 s to voicemail', 'VOICE', 5n, { to: '171', attributes: SHORT }, '0.10'],
    ['60 s to the care line', 'VOICE', 60n, { to: '1901', attributes: SHORT }, '0.00'],
    ['61 s to Japan', 'VOICE', 61n, { to: '81312345678' }, '2.55'],
    ['a message in Ireland', 'SMS', 1n, { to: '353861234567' }, '0.10'],
    ['a message to Britain', 'SMS', 1n, { to: '447700900123' }, '0.20'],
    ['a quiz message', 'SMS', 1n, { to: '57500', attributes: SHORT }, '1.50'],
    ['60 s received from Britain', 'VOICE', 60n, { to: '442079460000', received: true }, '0.00'],
    ['a call received from a withheld number', 'VOICE', 60n, { received: true }, '0.00'],
    ['a message received from a shop', 'SMS', 1n, { to: 'AMAZON', attributes: { numberKind: 'ALPHANUMERIC' }, received: true }, '0.00'],
    ['*100#', 'VOICE', 1n, { to: '*100#', attributes: { numberKind: 'SERVICE_CODE' } }, '0.00'],
    ['1.05 MB', 'DATA', 1_050_000n, {}, '0.011'],
    ['content that is not sold', 'CONTENT', 1n, {}, 'NO_PRICE'],
  ])('Alice: %s', (_, kind, units, used, expected) => {
    expect(cost(MOBILE_PREPAID, kind, units, used)).toBe(expected);
  });

  it.each<[string, OfferingDraft, Exclude<UsageKind, 'GENERIC'>, bigint, Used, string]>([
    ['61 s in Ireland beyond the minutes', MOBILE_POSTPAID, 'VOICE', 61n, { to: '353861234567' }, '0.30'],
    ['a message beyond the allowance', MOBILE_POSTPAID, 'SMS', 1n, { to: '353861234567' }, '0.09'],
    ['10 MB beyond the allowance', MOBILE_POSTPAID, 'DATA', 10_000_000n, {}, '0.05'],
    ['61 s received in Ireland', MOBILE_POSTPAID, 'VOICE', 61n, { to: '353861234567', received: true }, '0.00'],
    ['a message received', MOBILE_POSTPAID, 'SMS', 1n, { to: '353861234567', received: true }, '0.00'],
    ['100 GB at home', HOME_INTERNET, 'DATA', 100_000_000_000n, {}, '0.00'],
  ])('Bob: %s', (_, offering, kind, units, used, expected) => {
    expect(cost(offering, kind, units, used)).toBe(expected);
  });

  it.each<[string, Exclude<UsageKind, 'GENERIC'>, bigint, Used, string]>([
    ['an hour in Ireland', 'VOICE', 3_600n, { to: '353861234567' }, '0.00'],
    ['61 s abroad', 'VOICE', 61n, { to: '442079460000' }, '0.60'],
    ['an hour received from abroad', 'VOICE', 3_600n, { to: '442079460000', received: true }, '0.00'],
    ['10 MB when the pool is empty', 'DATA', 10_000_000n, {}, '0.05'],
  ])('the family: %s', (_, kind, units, used, expected) => {
    expect(cost(FAMILY_LINE, kind, units, used)).toBe(expected);
  });

  it.each<[string, bigint, bigint, string]>([
    ['the first 500 MB', 500_000_000n, 0n, '5.00'],
    ['200 MB that pass the first GB', 200_000_000n, 900_000_000n, '1.40'],
    ['1 GB beyond ten', 1_000_000_000n, 10_000_000_000n, '1.00'],
  ])('the data SIM: %s', (_, units, before, expected) => {
    expect(cost(DATA_SIM, 'DATA', units, { before })).toBe(expected);
  });

  it.each<[string, Exclude<UsageKind, 'GENERIC'>, bigint, Used, string]>([
    ['61 s inside the own network', 'VOICE', 61n, network('mobile', 'Meteor'), '0.101667'],
    ['61 s to another mobile', 'VOICE', 61n, network('mobile', 'Vodafone'), '0.254167'],
    ['61 s to a landline', 'VOICE', 61n, network('landline'), '0.30'],
    ['30 s to voicemail', 'VOICE', 30n, network('voicemail'), '0.05'],
    ['a message', 'SMS', 1n, network('mobile', 'Tesco'), '0.11'],
    ['a message abroad', 'SMS', 1n, network('world'), '0.25'],
    ['a special message', 'SMS', 1n, network('special'), '0.60'],
    ['34.429 MB', 'DATA', 34_429_000n, network('data'), '0.68858'],
    ['61 s received from a mobile', 'VOICE', 61n, { ...network('mobile', 'Vodafone'), received: true }, '0.00'],
    ['a call to a network nobody knows', 'VOICE', 1n, network('satellite'), 'NO_PRICE'],
  ])('the subscriber of 2014: %s', (_, kind, units, used, expected) => {
    expect(cost(IRISH_BILL_2014, kind, units, used)).toBe(expected);
  });

  it('takes no minutes and no messages for what is received', () => {
    const conditions = [MOBILE_POSTPAID, IRISH_BILL_2014].flatMap(({ allowances }) => allowances)
      .filter(({ usageKind }) => usageKind !== 'DATA').map((allowance) => allowance.conditions[0]);
    expect(conditions).toEqual(Array.from({ length: 4 }, () => ({ attribute: 'direction', in: ['OUTGOING'] })));
  });
});
