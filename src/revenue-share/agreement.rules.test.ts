import { Refusal } from '../platform/errors';
import { agreementStateAt, AgreementState, checkItems, parsePercent, ProposedItem, ProposedPart, StoredAgreementState } from './agreement.rules';

const part = (partnerId: bigint, percent: string): ProposedPart => ({ partnerId, percent, rate: null });
const perUnit = (partnerId: bigint, amount: bigint, per: bigint): ProposedPart => ({ partnerId, percent: null, rate: { amount, per, unit: 'EVENT' } });
const item = (parts: readonly ProposedPart[], over: Partial<ProposedItem> = {}): ProposedItem =>
  ({ offeringId: null, kind: null, basis: 'NET', parts, residualPartnerId: null, ...over });

const pathOf = (items: readonly ProposedItem[]): string | null => {
  try {
    checkItems(items);
    return null;
  } catch (error) {
    if (error instanceof Refusal && error.userError.code === 'INVALID_INPUT') return error.userError.path.join('.');
    throw error;
  }
};

// domain 6, row 46: percentages of one level sum to at most 100; the residual party takes the rest.
test.each<[string, readonly ProposedItem[], string | null]>([
  ['70 %', [item([part(1n, '70')])], null],
  ['100 % in parts', [item([part(1n, '70'), part(2n, '29.999999'), part(3n, '0.000001')])], null],
  ['a millionth of a percent above 100', [item([part(1n, '70'), part(2n, '30.000001')])], 'items.0.parties'],
  ['twice 60 % of other charges', [item([part(1n, '60')], { kind: 'SMS' }), item([part(1n, '60')], { kind: 'MMS' })], null],
  ['the same charges twice', [item([part(1n, '10')]), item([part(2n, '10')])], 'items.1'],
  ['one partner twice', [item([part(1n, '10'), part(1n, '10')])], 'items.0.parties.1.partnerId'],
  ['the residual party with a part', [item([part(1n, '10')], { residualPartnerId: 1n })], 'items.0.parties.0.partnerId'],
  ['a residual party alone', [item([], { residualPartnerId: 1n })], null],
  ['nobody', [item([])], 'items.0.parties'],
  ['nothing', [], 'items'],
  ['0 %', [item([part(1n, '0')])], 'items.0.parties.0.percent'],
  ['101 %', [item([part(1n, '101')])], 'items.0.parties.0.percent'],
  ['seven decimals', [item([part(1n, '0.0000001')])], 'items.0.parties.0.percent'],
  ['neither percentage nor amount', [item([{ partnerId: 1n, percent: null, rate: null }])], 'items.0.parties.0'],
  ['both', [item([{ ...perUnit(1n, 1n, 1n), percent: '1' }])], 'items.0.parties.0'],
  ['per unit beside 100 %', [item([part(1n, '100'), perUnit(2n, 1n, 1n)])], null],
  ['an amount of zero', [item([perUnit(1n, 0n, 1n)])], 'items.0.parties.0.perUnit'],
  ['for no units', [item([perUnit(1n, 1n, 0n)])], 'items.0.parties.0.perUnit'],
])('%s', (_, items, path) => expect(pathOf(items)).toBe(path));

test.each([['70', 70_000_000n], ['0.000001', 1n], ['100', 100_000_000n], ['-1', null], ['1e2', null], ['100.000001', null]])('parsePercent(%s)', (text, expected) =>
  expect(parsePercent(text)).toBe(expected));

const at = (day: number | null): Date | null => (day === null ? null : new Date(day));
test.each<[StoredAgreementState, number | null, number | null, AgreementState]>([
  ['IN_PROCESS', null, null, 'IN_PROCESS'], ['REJECTED', null, null, 'REJECTED'], ['APPROVED', 11, null, 'APPROVED'], ['APPROVED', 10, null, 'ACTIVE'],
  ['APPROVED', 5, 11, 'ACTIVE'], ['APPROVED', 5, 10, 'EXPIRED'], ['TERMINATED', 5, 11, 'ACTIVE'], ['TERMINATED', 5, 10, 'TERMINATED'],
  ['TERMINATED', 12, 12, 'TERMINATED'],
])('%s from %s until %s is %s on day 10', (stored, from, until, expected) => {
  expect(agreementStateAt(stored, { validFrom: at(from), validUntil: at(until) }, new Date(10))).toBe(expected);
});
