import type { PriceWindow } from '../catalog/price.types';
import { parseAmount } from '../platform/money';
import { explainFacts } from './explain';
import { priceSpan } from './price';
import { renderRatingSteps } from './render';
import { exampleChoice, ExamplePrice, exampleSpan, exampleUsage, flatRate } from './rating.examples';

const night: PriceWindow = {
  name: 'Night', weekdays: [], dates: [], from: '22:00', until: '06:00', weight: 0, connectFee: '0',
  steps: [{ from: '0', amount: '0.06', increment: '60' }],
};

function explained(price: ExamplePrice, units: bigint, offset = 0n, counter = 0n, at?: string) {
  const choice = { ...exampleChoice(price), matchedPrefix: '3531' };
  const span = exampleSpan(units, offset, counter);
  const facts = explainFacts(choice, priceSpan(exampleUsage(units, at, { kind: price.usageKind }), choice, span), span);
  return { facts, steps: renderRatingSteps(facts, choice.candidate.price.version) };
}

test('facts are short and leave out what is zero', () => {
  const { facts } = explained({ rates: [flatRate('0.10', '60', '0.05')] }, 97n, 30n);
  expect(JSON.stringify(facts)).toBe('{"v":"1","r":0,"x":"3531","q":"97","o":"30","f":"50000","p":[[0,"97","120"]],"a":"250000"}');
  expect(JSON.stringify(explained({ usageKind: 'SMS' }, 1n).facts)).toBe('{"v":"1","r":0,"x":"3531","q":"1","p":[[0,"1","1"]],"a":"100000"}');
});

test('a long call is summed by step and window, and stays within 200 bytes', () => {
  const { facts, steps } = explained({ rates: [{ ...flatRate('0.60'), windows: [night] }] }, 864_000n);
  expect(facts.p).toEqual([[0, '576000', '576000'], [0, '288000', '288000', 'Night']]);
  expect(JSON.stringify(facts).length).toBeLessThanOrEqual(200);
  expect(steps.map((step) => step.amount?.amount)).toEqual([undefined, '5760.00', '288.00']);
});

test('sentences', () => {
  const price: ExamplePrice = { freeUnits: '30', rates: [{ ...flatRate('0.10', '1', '0.05'), windows: [night] }] };
  const { steps } = explained(price, 61n, 0n, 0n, '2026-01-14T22:00:00Z');
  expect(steps).toEqual([
    { rule: 'PRICE', detail: 'Example, version 1: Anywhere, prefix 3531.' },
    { rule: 'FREE_UNITS', detail: 'The first 30 seconds of a session are free.', quantity: { amount: '30', unit: 'SECOND' }, amount: { amount: '0.00', currency: 'EUR' } },
    {
      rule: 'STEP',
      detail: '31 seconds in window Night, billed as 60 seconds in increments of 60 seconds at 0.06 EUR per 60 seconds.',
      quantity: { amount: '31', unit: 'SECOND' },
      amount: { amount: '0.06', currency: 'EUR' },
    },
  ]);
});

const two: ExamplePrice = {
  rates: [{ ...flatRate('0', '1', '0.05'), steps: [{ from: '0', amount: '0.10', increment: '1' }, { from: '60', amount: '0.07', increment: '1' }] }],
};
const sms = (more: ExamplePrice): ExamplePrice => ({ usageKind: 'SMS', rates: [flatRate('0.125')], ...more });
test.each<[string, ExamplePrice, bigint, bigint, string[]]>([
  ['a charge that comes out even', two, 60n, 0n, ['PRICE', 'STEP 0.10', 'CONNECT_FEE 0.05']],
  ['parts that need rounding', two, 61n, 1n, ['PRICE', 'STEP 0.098333', 'STEP 0.002333', 'CONNECT_FEE 0.05', 'ROUNDING 0.000001']],
  ['coarse rounding', sms({ rounding: { digits: 2, mode: 'HALF_UP' } }), 1n, 0n, ['PRICE', 'STEP 0.125', 'ROUNDING 0.005']],
  ['the minimum', sms({ minimumCharge: '0.2' }), 1n, 0n, ['PRICE', 'STEP 0.125', 'MINIMUM 0.075']],
  ['the maximum', sms({ maximumCharge: '0.2' }), 2n, 0n, ['PRICE', 'STEP 0.25', 'MAXIMUM -0.05']],
  ['rounding below both bounds', sms({ minimumCharge: '0.1', maximumCharge: '0.2', rounding: { digits: 2, mode: 'DOWN' } }), 1n, 0n,
    ['PRICE', 'STEP 0.125', 'ROUNDING -0.005']],
  ['rounding up above the minimum', sms({ minimumCharge: '0.1', rounding: { digits: 2, mode: 'UP' } }), 1n, 0n, ['PRICE', 'STEP 0.125', 'ROUNDING 0.005']],
  ['nothing used', sms({ minimumCharge: '0.2' }), 0n, 0n, ['PRICE']],
  ['all free', sms({ freeUnits: '5' }), 3n, 1n, ['PRICE', 'FREE_UNITS 0.00']],
  ['tiers', sms({ rates: [flatRate('0', '1', '0.01')], tiers: { mode: 'VOLUME', tiers: [{ upTo: null, amount: '0.1', flatAmount: '1' }] } }), 3n, 0n,
    ['PRICE', 'STEP', 'TIERS 1.30', 'CONNECT_FEE 0.01']],
])('%s: the amounts told sum to the charge', (_, price, units, offset, expected) => {
  const { facts, steps } = explained(price, units, offset);
  expect(steps.map((step) => (step.amount ? `${step.rule} ${step.amount.amount}` : step.rule))).toEqual(expected);
  const sum = steps.reduce((total, step) => total + (parseAmount(step.amount?.amount ?? '0') ?? 0n), 0n);
  expect(`${sum}`).toBe(facts.a);
});
