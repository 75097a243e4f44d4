import { amount } from '../platform/money';
import { creditLimitOf, CreditLimit, isWithin } from './account.rules';

const upTo = (value: bigint): CreditLimit => ({ kind: 'AMOUNT', amount: amount(value) });
const UNLIMITED: CreditLimit = { kind: 'UNLIMITED' };

describe('a member\'s credit limit under its payer\'s', () => {
  it.each<[string, CreditLimit | null, CreditLimit | null, boolean]>([
    ['prepaid under prepaid', null, null, true],
    ['prepaid under an amount', null, upTo(1n), true],
    ['an amount under prepaid', upTo(0n), null, false],
    ['no end under prepaid', UNLIMITED, null, false],
    ['the same amount', upTo(5n), upTo(5n), true],
    ['one millionth more', upTo(6n), upTo(5n), false],
    ['an amount under no end', upTo(6n), UNLIMITED, true],
    ['no end under an amount', UNLIMITED, upTo(5n), false],
    ['no end under no end', UNLIMITED, UNLIMITED, true],
  ])('%s', (_, own, payers, expected) => {
    expect(isWithin(own, payers)).toBe(expected);
  });
});

describe('a stored credit limit', () => {
  it.each([
    [{ creditLimitKind: null, creditLimit: null }, null],
    [{ creditLimitKind: 'UNLIMITED' as const, creditLimit: null }, UNLIMITED],
    [{ creditLimitKind: 'AMOUNT' as const, creditLimit: 0n }, upTo(0n)],
  ])('%j', (row, expected) => {
    expect(creditLimitOf(row)).toEqual(expected);
  });
});
