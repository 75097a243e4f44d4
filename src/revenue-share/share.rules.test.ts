import * as fc from 'fast-check';
import { parseAmount, parseDecimal, Unit } from '../platform/money';
import { basisOf, byScope, concerns, itemAt, OPERATOR, ShareItem, SharePart, Share, sharesBack, sharesIn, sharesOf, storedText } from './share.rules';

const percent = (partnerId: string, text: string): SharePart => {
  const { unscaled, scale } = parseDecimal(text)!;
  return { partnerId, model: 'PERCENTAGE', fraction: { unscaled, scale: scale + 2 } };
};
const each = (partnerId: string, text: string, per: bigint, unit: Unit): SharePart => ({ partnerId, model: 'PER_UNIT', amount: parseAmount(text)!, per, unit });
const item = (parts: readonly SharePart[], over: Partial<ShareItem> = {}): ShareItem => ({
  versionId: '1', item: 0, offeringId: null, kind: null, basis: 'NET', parts, residual: OPERATOR, asset: 'EUR/6', from: 0, until: null, ...over,
});
const shown = (shares: readonly Share[]): string => shares.map(({ partyId, share }) => `${partyId}:${share}`).join(' ');
const message = { quantity: 1n, unit: 'EVENT' };

// money-rules 7.3 and 7.8: parts, basis in millionths, used, shares with the residual party's last.
test.each<[string, ShareItem, bigint, { quantity: bigint; unit: string }, string]>([
  ['70 % of a message at 0.008', item([percent('7', '70')]), 8_000n, message, '7:5600 0:2400'],
  ['a third, rounded half up', item([percent('7', '33.333333')]), 100n, message, '7:33 0:67'],
  ['a half of one millionth goes up', item([percent('7', '50')]), 1n, message, '7:1 0:0'],
  ['two halves of one millionth: the remainder is negative', item([percent('7', '50'), percent('8', '50')]), 1n, message, '7:1 8:1 0:-1'],
  ['a charge below zero mirrors one above', item([percent('7', '50')]), -1n, message, '7:-1 0:0'],
  ['100 % leaves nothing', item([percent('7', '100')]), 8_000n, message, '7:8000 0:0'],
  ['another residual party', item([percent('7', '30')], { residual: '9' }), 10n, message, '7:3 9:7'],
  ['only a residual party', item([], { residual: '9' }), 10n, message, '9:10'],
  ['per message', item([each('7', '0.005', 1n, 'EVENT')]), 8_000n, message, '7:5000 0:3000'],
  ['per message, more than it cost', item([each('7', '0.01', 1n, 'EVENT')]), 8_000n, message, '7:10000 0:-2000'],
  ['per started nothing: by the second', item([each('7', '0.01', 60n, 'SECOND')]), 8_000n, { quantity: 90n, unit: 'SECOND' }, '7:15000 0:-7000'],
  ['per message of a call', item([each('7', '0.01', 1n, 'EVENT')]), 8_000n, { quantity: 90n, unit: 'SECOND' }, '7:0 0:8000'],
  ['paid by an allowance: a percentage is zero, per unit is owed', item([percent('7', '70'), each('8', '0.001', 1n, 'EVENT')]), 0n, message, '7:0 8:1000 0:-1000'],
])('%s', (_, agreed, basis, used, expected) => expect(shown(sharesOf(agreed, basis, used))).toBe(expected));

test('70 % of 100,000 messages at 0.008 is 560.00', () => {
  let sum = 0n;
  for (let n = 0; n < 100_000; n++) sum += sharesOf(item([percent('7', '70')]), 8_000n, message)[0]!.share;
  expect(sum).toBe(parseAmount('560.00'));
});

test.each([['NET', 1_500_000n], ['GROSS', 1_845_000n]] as const)('basis %s', (basis, expected) => {
  expect(basisOf({ basis }, { net: 1_500_000n, tax: 345_000n })).toBe(expected);
});

describe('the item that decides', () => {
  const items = [
    item([], { versionId: 'all' }), item([], { versionId: 'kind', kind: 'SMS' }), item([], { versionId: 'offering', offeringId: '5' }),
    item([], { versionId: 'both', offeringId: '5', kind: 'SMS' }), item([], { versionId: 'late', offeringId: '5', kind: 'MMS', from: 100, until: 200 }),
    item([], { versionId: 'other currency', offeringId: '6', kind: 'SMS', asset: 'USD/6' }),
  ].sort(byScope);
  test.each<[string, string, number, string | null]>([
    ['5', 'SMS', 0, 'both'], ['5', 'VOICE', 0, 'offering'], ['6', 'SMS', 0, 'kind'], ['6', 'VOICE', 0, 'all'],
    ['5', 'MMS', 99, 'offering'], ['5', 'MMS', 100, 'late'], ['5', 'MMS', 199, 'late'], ['5', 'MMS', 200, 'offering'],
  ])('of offering %s, %s at %i is %s', (offering, kind, at, expected) => {
    expect(itemAt(items.filter((one) => concerns(one, offering, kind)), at, 'EUR/6')?.versionId ?? null).toBe(expected);
  });
  test('is none in another currency', () => expect(itemAt([item([])], 0, 'SEK/6')).toBeNull());
});

const parts = fc.uniqueArray(fc.record({ partner: fc.integer({ min: 1, max: 20 }), weight: fc.integer({ min: 1, max: 1_000_000 }), unit: fc.boolean() }),
  { selector: ({ partner }) => partner, maxLength: 8 });
/** Percentages in any weights that sum to at most 100, and amounts per unit among them. */
const agreed = fc.tuple(parts, fc.constantFrom(OPERATOR, '99')).map(([list, residual]) => item(list.map(({ partner, weight, unit }) => (unit
  ? each(`${partner}`, '0.003', 7n, 'EVENT')
  : { partnerId: `${partner}`, model: 'PERCENTAGE' as const, fraction: { unscaled: BigInt(weight), scale: 7 } })), { residual }));
const money = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const sum = (shares: readonly Share[]): bigint => shares.reduce((total, { share }) => total + share, 0n);

test('shares sum exactly to their source, for any weights', () => {
  fc.assert(fc.property(agreed, money, fc.bigInt({ min: 0n, max: 10n ** 9n }), (one, basis, quantity) => {
    const shares = sharesOf(one, basis, { quantity, unit: 'EVENT' });
    expect(sum(shares)).toBe(basis);
    expect(sharesIn(JSON.parse(storedText(one, shares)) as Parameters<typeof sharesIn>[0])).toEqual(shares);
  }));
});

test('what is given back in parts takes back each percentage to the last digit, and every part sums to its own source', () => {
  fc.assert(fc.property(agreed, fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 6 }), (one, pieces) => {
    const basis = pieces.reduce((total, piece) => total + piece, 0n);
    const shares = sharesOf(one, basis, { quantity: 3n, unit: 'EVENT' });
    const before: { shares: Share[]; basis: bigint }[] = [];
    for (const piece of pieces) {
      const back = sharesBack(one, { isWhole: false, shares, basis, before, back: -piece });
      expect(sum(back)).toBe(-piece);
      before.push({ shares: back, basis: -piece });
    }
    one.parts.forEach((part, index) => {
      const returned = before.reduce((total, refund) => total - refund.shares[index]!.share, 0n);
      expect(returned).toBe(part.model === 'PERCENTAGE' ? shares[index]!.share : 0n);
    });
  }));
});

test('what is given back as a whole takes back every share', () => {
  fc.assert(fc.property(agreed, money, (one, basis) => {
    const shares = sharesOf(one, basis, { quantity: 3n, unit: 'EVENT' });
    const back = sharesBack(one, { isWhole: true, shares, basis, before: [], back: -basis });
    expect(back).toEqual(shares.map(({ partyId, share }) => ({ partyId, share: -share })));
  }));
});
