import { encodeId } from '../platform/graphql';
import { readRow } from './row.rules';

const money = { kind: 'MONEY', key: 'm1', customer: 'C1', amount: '12.50', currency: 'EUR' };
const units = { kind: 'UNITS', key: 'u1', customer: 'C1', quantity: '500', unit: 'SECOND', offering: 'talk', allowance: 'min' };
const product = { kind: 'PRODUCT', key: 'p1', customer: 'C1', offering: 'talk', startedAt: '2020-01-01' };

describe('a row that is taken', () => {
  it.each([
    ['money to six decimals', { ...money, amount: '0.000001' }, { amount: 1n, currency: 'EUR' }],
    ['money below zero', { ...money, amount: '-3' }, { amount: -3_000_000n }],
    ['the largest money', { ...money, amount: '999999999999.999999' }, { amount: 10n ** 18n - 1n }],
    ['units beyond 2^53', { ...units, quantity: '9007199254740993' }, { quantity: 9_007_199_254_740_993n, unit: 'SECOND' }],
    ['an account by its id', { ...money, customer: '', account: encodeId('BillingAccount', 4097n) }, { account: { kind: 'ID', id: 4097n } }],
    ['an account by its name', { ...money, accountName: 'Main' }, { account: { kind: 'NAME', customer: 'C1', name: 'Main' } }],
    ['several identifiers', { ...product, identifiers: '+353860000001  SIP_URI:sip:Ann@Example.org' },
      { identifiers: [{ kind: 'MSISDN', value: '353860000001' }, { kind: 'SIP_URI', value: 'sip:Ann@example.org' }] }],
  ])('%s', (_, texts, read) => {
    expect(readRow(texts)).toMatchObject(read);
  });
});

describe('a row that is rejected', () => {
  it.each([
    ['no kind', { ...money, kind: '' }, 'kind', /^The kind is one of MONEY, /],
    ['a kind of the prototype', { ...money, kind: 'toString' }, 'kind', /^The kind is one of/],
    ['no key', { ...money, key: '' }, 'key', /1 to 100 printable/],
    ['a key with a blank at its end', { ...money, key: 'a ' }, 'key', /1 to 100 printable/],
    ['seven decimals', { ...money, amount: '1.0000001' }, 'amount', /at most six decimals/],
    ['a decimal comma', { ...money, amount: '1,50' }, 'amount', /decimal such as 12\.50/],
    ['an exponent', { ...money, amount: '1e3' }, 'amount', /decimal such as/],
    ['too much money', { ...money, amount: '1000000000000' }, 'amount', /twelve digits/],
    ['an unknown currency', { ...money, currency: 'XYZ' }, 'currency', /ISO 4217/],
    ['half a unit', { ...units, quantity: '1.5' }, 'quantity', /whole number/],
    ['units below zero', { ...units, quantity: '-1' }, 'quantity', /whole number/],
    ['an unknown unit', { ...units, unit: 'MB' }, 'unit', /one of BYTE, SECOND, EVENT/],
    ['what the kind needs', { ...units, allowance: '' }, 'allowance', /kind UNITS needs allowance/],
    ['what the kind has not', { ...money, quantity: '5' }, 'quantity', /kind MONEY has no quantity/],
    ['no account', { ...money, customer: '' }, 'account', /names its account by account, or by customer/],
    ['an account twice', { ...money, account: encodeId('BillingAccount', 1n) }, 'account', /by account, or by customer/],
    ['an id of something else', { ...money, customer: '', account: encodeId('Customer', 1n) }, 'account', /No such account/],
    ['no identifier', { ...product, identifiers: 'abc' }, 'identifiers', /"abc" is no identifier/],
  ])('%s', (_, texts, column, message) => {
    expect(() => readRow(texts)).toThrow(expect.objectContaining({ column, message: expect.stringMatching(message) }));
  });
});
