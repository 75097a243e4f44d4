import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PriceStep, PriceWindow } from '../catalog/price.types';
import { formatAmount } from '../platform/money';
import { exampleChoice, ExamplePrice, exampleSpan, exampleUsage, flatRate } from './rating.examples';
import { priceSpan } from './price';

const document = readFileSync(join(__dirname, '../../docs/money-rules.md'), 'utf8');
const step = (from: string, amount: string, increment: string): PriceStep => ({ from, amount, increment });
const stepped = (...steps: PriceStep[]): ExamplePrice => ({ rates: [{ ...flatRate('0'), steps }] });
const night: PriceWindow = {
  name: 'Night', weekdays: [], dates: [], from: '22:00', until: '06:00', weight: 0, connectFee: '0', steps: [step('0', '0.06', '1')],
};
const daily: ExamplePrice = { rates: [{ ...flatRate('0.60'), windows: [night] }] };
const messages = (mode: 'GRADUATED' | 'VOLUME'): ExamplePrice => ({
  usageKind: 'SMS', rates: [flatRate('0')],
  tiers: { mode, tiers: [{ upTo: '100', amount: '0.10', flatAmount: '1' }, { upTo: null, amount: '0.05', flatAmount: '2' }] },
});

interface Figure {
  readonly price: ExamplePrice;
  readonly units: bigint;
  readonly offset?: bigint;
  readonly counter?: bigint;
  readonly at?: string;
}
const figure = (price: ExamplePrice, units: bigint, more: Partial<Figure> = {}): Figure => ({ price, units, ...more });

/** The worked figures of the document: the row as printed, up to its charge, and what is computed. */
test.each<[string, Figure]>([
  ['0.10 per 60 s, by the second | 180 s', figure({}, 180n)],
  ['0.10 per 60 s, by the second | 1 s', figure({}, 1n)],
  ['0.10 per 60 s, 60/60 | 61 s', figure({ rates: [flatRate('0.10', '60')] }, 61n)],
  ['0.10 per 60 s, 60/1 | 61 s', figure(stepped(step('0', '0.10', '60'), step('60', '0.10', '1')), 61n)],
  ['0.20 per 60 s, by the second | 90 s', figure({ rates: [flatRate('0.20')] }, 90n)],
  ['0.10 per 60 s, 60/60, connect fee 0.05 | 61 s', figure({ rates: [flatRate('0.10', '60', '0.05')] }, 61n)],
  ['0.10 per 60 s, 60/60, connect fee 0.05 | 0 s', figure({ rates: [flatRate('0.10', '60', '0.05')] }, 0n)],
  ['first minute 0.10 (60/60), then 0.05 per 60 s by the second | 120 s', figure(stepped(step('0', '0.10', '60'), step('60', '0.05', '1')), 120n)],
  ['0.10 per 60 s, 60/60 | 97 s after 30 s paid by an allowance', figure({ rates: [flatRate('0.10', '60')] }, 97n, { offset: 30n })],
  ['0.10 per 60 s, by the second, first 30 s free | 90 s', figure({ freeUnits: '30' }, 90n)],
  ['0.10 per 60 s, by the second, at most 1.00 | 3600 s', figure({ maximumCharge: '1' }, 3600n)],
  ['0.60 per 60 s, at night 0.06, by the second | 60 s from 21:59:30', figure(daily, 60n, { at: '2026-01-14T21:59:30Z' })],
  ['0.60 per 60 s, at night 0.06, by the second | 60 s from 23:59:30', figure(daily, 60n, { at: '2026-01-14T23:59:30Z' })],
  ['graduated | 101 messages, none before', figure(messages('GRADUATED'), 101n)],
  ['graduated | 1 message after 100', figure(messages('GRADUATED'), 1n, { counter: 100n })],
  ['volume | 101 messages, none before', figure(messages('VOLUME'), 101n)],
  ['volume | 1 message after 100', figure(messages('VOLUME'), 1n, { counter: 100n })],
])('%s', (row, { price, units, offset, counter, at }) => {
  const usage = exampleUsage(units, at, { kind: price.usageKind });
  const { amount } = priceSpan(usage, exampleChoice(price), exampleSpan(units, offset, counter));
  expect(document).toContain(`| ${row} | ${formatAmount(amount, 'EUR')} |`);
});
