import * as fc from 'fast-check';
import type { PriceStep, PriceWindow } from '../catalog/price.types';
import { amount, formatAmount, quantity } from '../platform/money';
import { priceSpan, governingIncrement } from './price';
import { exampleChoice, ExamplePrice, exampleSpan, exampleUsage, flatRate } from './rating.examples';

const step = (from: string, money: string, increment: string): PriceStep => ({ from, amount: money, increment });
const stepped = (...steps: PriceStep[]): ExamplePrice => ({ rates: [{ ...flatRate('0'), steps }] });

function cost(price: ExamplePrice, units: bigint, offset = 0n, at?: string): string {
  const usage = exampleUsage(units, at, { kind: price.usageKind });
  return formatAmount(priceSpan(usage, exampleChoice(price), exampleSpan(units, offset)).amount, 'EUR');
}

describe('one piece', () => {
  const minute = (increment: string, connectFee = '0'): ExamplePrice => ({ rates: [flatRate('0.10', increment, connectFee)] });
  const firstMinuteWhole = stepped(step('0', '0.10', '60'), step('60', '0.10', '1'));
  const data: ExamplePrice = { usageKind: 'DATA', per: 1_000_000n, rates: [flatRate('0.01', '1048576')] };
  test.each<[string, ExamplePrice, bigint, string]>([
    ['180 s in 1 s increments is not 0.3001', minute('1'), 180n, '0.30'],
    ['1 s in 1 s increments is a sixtieth, half up at six decimals', minute('1'), 1n, '0.001667'],
    ['60/60: 61 s are two minutes', minute('60'), 61n, '0.20'],
    ['60/60: 60 s are one', minute('60'), 60n, '0.10'],
    ['60/1: 1 s is a minute', firstMinuteWhole, 1n, '0.10'],
    ['60/1: 61 s are 61', firstMinuteWhole, 61n, '0.101667'],
    ['60/1: 90 s are 90', firstMinuteWhole, 90n, '0.15'],
    ['price and increment are separate: 0.20 per 60 s by the second', { rates: [flatRate('0.20')] }, 90n, '0.30'],
    ['connect fee', minute('60', '0.05'), 61n, '0.25'],
    ['zero usage costs zero, without the connect fee', minute('60', '0.05'), 0n, '0.00'],
    ['one byte is one MiB', data, 1n, '0.010486'],
    ['one MiB and a byte are two', data, 1_048_577n, '0.020972'],
    ['a message', { usageKind: 'SMS', rates: [flatRate('0.12')] }, 1n, '0.12'],
    ['a price finer than six decimals is rounded on the total', { usageKind: 'SMS', rates: [flatRate('0.00000049')] }, 1000n, '0.00049'],
    ['10^12 seconds cost no more time', minute('60'), 1_000_000_000_000n, '1666666666.70'],
  ])('%s', (_, price, units, expected) => expect(cost(price, units)).toBe(expected));
});

describe('steps', () => {
  const falling = stepped(step('0', '0.10', '60'), step('60', '0.05', '1'));
  const coarse = stepped(step('0', '0.10', '60'), step('30', '0.05', '60'), step('90', '0.01', '1'));
  test.each<[string, ExamplePrice, bigint, bigint, string]>([
    ['first minute 0.10, then 0.05', falling, 120n, 0n, '0.15'],
    ['inside the first step', falling, 30n, 0n, '0.10'],
    ['excess of a piece is taken out of the next: 30 s bill 60, the next 30 s are free of charge', coarse, 60n, 0n, '0.10'],
    ['and the rest of the next step rounds from there', coarse, 61n, 0n, '0.15'],
    ['30 s → 60, then 60 → 120 over the third step', coarse, 120n, 0n, '0.15'],
    ['then the third step', coarse, 126n, 0n, '0.151'],
    ['a bucket paid the first 30 s: the step still counts from the start, the increment anew', falling, 97n, 30n, '0.130833'],
    ['a bucket paid past the step', falling, 10n, 100n, '0.008333'],
    ['127 s, 30 s paid, 60/60: 97 s are 120', { rates: [flatRate('0.10', '60')] }, 97n, 30n, '0.20'],
  ])('%s', (_, price, units, offset, expected) => expect(cost(price, units, offset)).toBe(expected));

  test.each<[string, bigint, bigint]>([
    ['in the first step', 0n, 60n], ['at its last unit', 59n, 60n], ['from the second', 60n, 1n],
  ])('governing increment %s', (_, offset, expected) => {
    expect(governingIncrement(exampleUsage(200n), exampleChoice(falling), quantity(offset))).toBe(expected);
  });
});

describe('bounds of a session', () => {
  const bounded: ExamplePrice = { minimumCharge: '0.05', maximumCharge: '1', rates: [flatRate('0.10', '1', '0.01')] };
  const free: ExamplePrice = { freeUnits: '30', rates: [flatRate('0.10', '60', '0.05')] };
  test.each<[string, ExamplePrice, bigint, bigint, string]>([
    ['below the minimum', bounded, 6n, 0n, '0.05'],
    ['at the minimum, connect fee counted', bounded, 24n, 0n, '0.05'],
    ['between', bounded, 60n, 0n, '0.11'],
    ['at the maximum', bounded, 594n, 0n, '1.00'],
    ['above the maximum', bounded, 10_000n, 0n, '1.00'],
    ['zero usage has no minimum', bounded, 0n, 0n, '0.00'],
    ['inside the free seconds: no connect fee either', free, 30n, 0n, '0.00'],
    ['one second past them', free, 31n, 0n, '0.15'],
    ['the increment starts after them', free, 90n, 0n, '0.15'],
    ['free seconds belong to the session, whoever paid', free, 60n, 20n, '0.15'],
  ])('%s', (_, price, units, offset, expected) => expect(cost(price, units, offset)).toBe(expected));

  test('no connect fee on a later span', () => {
    const priced = priceSpan(exampleUsage(60n), exampleChoice(bounded), exampleSpan(60n, 60n, 0n, false));
    expect([priced.amount, priced.connectFee]).toEqual([100_000n, 0n]);
  });
});

describe('rounding', () => {
  const rounded = (digits: number, mode: 'HALF_UP' | 'UP' | 'DOWN' | 'HALF_EVEN'): ExamplePrice => ({
    usageKind: 'SMS', rates: [flatRate('0.125')], rounding: { digits, mode },
  });
  test.each<[number, 'HALF_UP' | 'UP' | 'DOWN' | 'HALF_EVEN', bigint, string]>([
    [2, 'HALF_UP', 1n, '0.13'], [2, 'UP', 1n, '0.13'], [2, 'DOWN', 1n, '0.12'], [2, 'HALF_EVEN', 1n, '0.12'],
    [2, 'HALF_EVEN', 3n, '0.38'], [3, 'DOWN', 1n, '0.125'], [0, 'UP', 1n, '1.00'], [0, 'DOWN', 7n, '0.00'],
  ])('%i digits %s of %s × 0.125 is %s', (digits, mode, units, expected) => {
    expect(cost(rounded(digits, mode), units)).toBe(expected);
  });

  test.each<[string, ExamplePrice, bigint, string]>([
    ['exact', { rates: [flatRate('0.10')] }, 60n, '0'],
    ['a sixtieth of 0.10, up', { rates: [flatRate('0.10')] }, 1n, '20000000/60000000000000'],
  ])('difference: %s', (_, price, units, expected) => {
    const priced = priceSpan(exampleUsage(units), exampleChoice(price), exampleSpan(units));
    expect(priced.rounding).toEqual({ digits: 6, mode: 'HALF_UP', difference: expected });
  });
});

describe('windows', () => {
  const window = (name: string, from: string, until: string, money: string, more: Partial<PriceWindow> = {}): PriceWindow => ({
    name, from, until, weekdays: [], dates: [], weight: 0, connectFee: '0', steps: [step('0', money, '1')], ...more,
  });
  const priced = (windows: PriceWindow[], steps = [step('0', '0.60', '1')], connectFee = '0'): ExamplePrice => ({
    rates: [{ ...flatRate('0'), connectFee, steps, windows }],
  });
  const night = priced([window('Night', '22:00', '06:00', '0.06')]);
  const minutes = priced([window('Night', '22:00', '06:00', '0.06', { connectFee: '0.01', steps: [step('0', '0.06', '60')] })], [step('0', '0.60', '60')], '0.05');
  // One price of the second per window tells how many seconds fell where: 0.60 a minute by day, 0.06 by night.
  test.each<[string, ExamplePrice, string, bigint, string]>([
    ['by day', night, '2026-01-14T12:00:00Z', 60n, '0.60'],
    ['cut at the start of the night', night, '2026-01-14T21:59:30Z', 60n, '0.33'],
    ['a second that began by day is of the day', night, '2026-01-14T21:59:59.500Z', 2n, '0.011'],
    ['midnight inside a wrapped window is no boundary', night, '2026-01-14T23:59:30Z', 60n, '0.06'],
    ['the end of the night', night, '2026-01-15T05:59:00Z', 120n, '0.66'],
    ['an hour, a night and a day', night, '2026-01-14T21:00:00Z', 90_000n, '640.80'],
    ['a whole minute begun by day swallows the night it reaches into', minutes, '2026-01-14T21:59:30Z', 60n, '0.65'],
    ['the rest of a longer call is of the night', minutes, '2026-01-14T21:59:30Z', 61n, '0.71'],
    ['connect fee of the first piece', minutes, '2026-01-14T22:00:00Z', 60n, '0.07'],
    // 29 March 2026: at 01:00 UTC the clock goes from 01:00 to 02:00.
    ['spring: the night is an hour shorter', night, '2026-03-28T22:00:00Z', 30_000n, '73.20'],
    ['spring: a skipped start moves forward', priced([window('Early', '01:30', '02:30', '0.06')]), '2026-03-29T00:59:00Z', 120n, '0.66'],
    ['spring: what the clock never shows never holds', priced([window('Gap', '01:00', '02:00', '0.06')]), '2026-03-29T00:59:00Z', 120n, '1.20'],
    // 25 October 2026: at 01:00 UTC the clock goes back from 02:00 to 01:00.
    ['autumn: the doubled hour belongs to what the clock shows, twice', priced([window('Doubled', '01:00', '01:30', '0.06')]), '2026-10-25T00:00:00Z', 7_200n, '39.60'],
    ['autumn: the night is an hour longer', night, '2026-10-24T21:00:00Z', 36_000n, '68.40'],
  ])('%s', (_, price, at, units, expected) => expect(cost(price, units, 0n, at)).toBe(expected));

  const christmas = window('Christmas', '00:00', '00:00', '0', { dates: ['2026-12-25'] });
  const weekend = window('Weekend', '00:00', '00:00', '0.12', { weekdays: [6, 7] });
  const heavy = window('Evening', '18:00', '22:00', '0.30', { weight: 5 });
  const fridayNight = window('Friday', '20:00', '04:00', '0.18', { weekdays: [5], weight: 1 });
  const calendar = priced([christmas, weekend, heavy, fridayNight, window('Late', '21:00', '23:00', '0.24', { weight: 5 })]);
  test.each<[string, string, string]>([
    ['a weekday: none', '2026-01-14T12:00:00Z', '0.60'],
    ['Saturday', '2026-01-17T12:00:00Z', '0.12'],
    ['Saturday evening: the heavier weight', '2026-01-17T18:30:00Z', '0.30'],
    ['equal weights: the later start', '2026-01-17T21:30:00Z', '0.24'],
    ['Friday night runs into Saturday', '2026-01-17T03:59:00Z', '0.18'],
    ['and ends there', '2026-01-17T04:00:00Z', '0.12'],
    ['not on another night', '2026-01-16T03:59:00Z', '0.60'],
    ['a dated window outweighs a heavy weekly one', '2026-12-25T18:30:00Z', '0.00'],
    ['and ends with its day, a Friday: its night goes on', '2026-12-26T00:00:00Z', '0.18'],
  ])('%s', (_, at, expected) => expect(cost(calendar, 60n, 0n, at)).toBe(expected));

  test('equal weights: a window begun today goes before one begun yesterday', () => {
    const price = priced([window('Night', '22:00', '06:00', '0.06'), window('Dawn', '04:00', '07:00', '0.12')]);
    expect(cost(price, 60n, 0n, '2026-01-15T05:00:00Z')).toBe('0.12');
  });

  test('data takes the window of its start', () => {
    const price = { ...night, usageKind: 'DATA' as const, per: 1n };
    expect(cost(price, 10n, 0n, '2026-01-14T21:59:59Z')).toBe('6.00');
    expect(cost(price, 10n, 5n, '2026-01-14T22:00:00Z')).toBe('0.60');
  });

  test('steps count from the start of the session, over windows', () => {
    const price = priced([window('Night', '22:00', '06:00', '0', { steps: [step('0', '9', '1'), step('60', '0.06', '1')] })]);
    expect(cost(price, 120n, 0n, '2026-01-14T21:59:00Z')).toBe('0.66');
  });

  test('pieces are shown with their window', () => {
    const usage = exampleUsage(90n, '2026-01-14T21:59:30Z');
    expect(priceSpan(usage, exampleChoice(minutes), exampleSpan(90n)).pieces).toEqual([
      { window: null, step: 0, quantity: 60n, billed: 60n, increment: 60n },
      { window: 'Night', step: 0, quantity: 30n, billed: 60n, increment: 60n },
    ]);
  });

  test('a piece ends where the window changes, not at each midnight or clock change', () => {
    const piecesOf = (price: ExamplePrice, units: bigint, at: string) =>
      priceSpan(exampleUsage(units, at), exampleChoice(price), exampleSpan(units)).pieces.map((piece) => piece.quantity);
    expect(piecesOf(night, 28_800n, '2026-01-14T22:00:00Z')).toEqual([28_800n]);
    expect(piecesOf(night, 32_400n, '2026-10-24T21:00:00Z')).toEqual([32_400n]);
  });

  test.each<[string, string, string]>([
    ['into a dated day', '2026-12-24T23:59:00Z', '0.60'], ['out of it, into a week without windows', '2026-12-25T23:59:00Z', '0.60'],
  ])('%s', (_, at, expected) => {
    const price = priced([window('Christmas', '00:00', '00:00', '0', { dates: ['2026-12-25'] })]);
    expect(cost(price, 120n, 0n, at)).toBe(expected);
  });

  test('a window that always holds, and a far dated one, cost no more time for 10^12 seconds', () => {
    const always = priced([window('Always', '00:00', '00:00', '0.06'), window('Once', '10:00', '11:00', '0', { dates: ['2027-01-01'] })]);
    expect(cost(always, 1_000_000_000_000n)).toBe('999999996.40');
    // Beyond what an instant can hold: the end is never turned into one and back.
    expect(cost(always, 100_000_000_000_000_001n)).toBe('99999999999996.401');
  });

  test('a call over more boundaries than any call has is refused', () => {
    expect(() => cost(night, 1_000_000_000_000n)).toThrow(RangeError);
  });
});

test('a negative usage is refused', () => {
  expect(() => priceSpan(exampleUsage(1n), exampleChoice({}), exampleSpan(-1n))).toThrow(RangeError);
});

test('splitting linear usage keeps the price', () => {
  const units = fc.bigInt({ min: 0n, max: 10n ** 12n });
  // Per 1 and at most six decimals nothing is rounded, so any cut must add up exactly.
  const price = exampleChoice({ per: 1n, rates: [flatRate('0.000123')] });
  fc.assert(fc.property(units, units, (a, b) => {
    const usage = exampleUsage(a + b);
    const first = priceSpan(usage, price, exampleSpan(a)).amount;
    const second = priceSpan(usage, price, exampleSpan(b, a)).amount;
    expect(amount(first + second)).toBe(priceSpan(usage, price, exampleSpan(a + b)).amount);
  }));
});

test('pieces cover the usage and bill at most one increment more', () => {
  const price = exampleChoice(stepped(step('0', '0.1', '60'), step('70', '0.2', '7'), step('200', '0.3', '30')));
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 5000n }), fc.bigInt({ min: 0n, max: 300n }), (units, offset) => {
    const { pieces, billed } = priceSpan(exampleUsage(units), price, exampleSpan(units, offset));
    expect(pieces.reduce((sum, piece) => sum + piece.quantity, 0n)).toBe(units);
    expect(pieces.reduce((sum, piece) => sum + piece.billed, 0n)).toBe(billed);
    expect(billed >= units && billed < units + 60n).toBe(true);
    pieces.forEach((piece) => expect(piece.billed % piece.increment).toBe(0n));
  }));
});
