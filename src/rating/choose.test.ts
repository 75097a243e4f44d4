import * as fc from 'fast-check';
import type { PriceRate } from '../catalog/price.types';
import { attributeOf, choosePrice } from './choose';
import { PriceCandidate } from './rating.types';
import { exampleCandidate, exampleUsage, flatRate } from './rating.examples';

const rateFor = (...prefixes: string[]): PriceRate => ({ ...flatRate('0.10'), prefixes });
const only = (attribute: string, ...values: string[]) => ({ attribute, in: values });
const call = (otherParty: string | null, more = {}) => exampleUsage(60n, undefined, { otherParty, ...more });

/** Who prices it: product, rate and prefix; or the failure. */
function chosen(usage: ReturnType<typeof call>, candidates: readonly PriceCandidate[]): string {
  const choice = choosePrice(usage, candidates);
  return typeof choice === 'string' ? choice : `${choice.candidate.productId}:${choice.rateIndex}:${choice.matchedPrefix}`;
}

describe('one price', () => {
  const deck = [exampleCandidate({ rates: [rateFor('353'), rateFor('3538', '35389'), rateFor('*')] })];
  const strict = [exampleCandidate({ rates: [rateFor('353')] })];
  const mixed = [exampleCandidate({ rates: [rateFor('353'), rateFor('*'), rateFor()] })];
  const bare = [exampleCandidate({})];
  test.each<[string, PriceCandidate[], string | null, string]>([
    ['the shortest prefix', deck, '35315551234', 'p:0:353'],
    ['a longer one', deck, '353851234567', 'p:1:3538'],
    ['the longest', deck, '353891234567', 'p:1:35389'],
    ['a number that is the prefix', deck, '353', 'p:0:353'],
    ['a number shorter than the prefix', deck, '35', 'p:2:*'],
    ['the fallback', deck, '4420', 'p:2:*'],
    ['no digits', deck, 'sip:bob@example.org', 'p:2:*'],
    ['the fallback without a destination', deck, null, 'p:2:*'],
    ['no match is a refusal', strict, '4420', 'NO_DESTINATION'],
    ['no destination where one is asked for', strict, null, 'NO_DESTINATION'],
    ['without a destination the rate without prefixes', mixed, null, 'p:2:'],
    ['with one never that rate', mixed, '4420', 'p:1:*'],
    ['a price without prefixes does not look', bare, '4420', 'p:0:'],
    ['nor does it need one', bare, null, 'p:0:'],
    ['no price at all', [], '4420', 'NO_PRICE'],
    ['another kind', [exampleCandidate({ usageKind: 'SMS' })], '4420', 'NO_PRICE'],
    ['another unit', [exampleCandidate({ usageKind: 'GENERIC', unit: 'BYTE' })], null, 'NO_PRICE'],
  ])('%s', (_, candidates, otherParty, expected) => {
    const kind = candidates[0]?.price.version.definition.usageKind === 'GENERIC' ? 'GENERIC' : 'VOICE';
    expect(chosen(call(otherParty, { kind }), candidates)).toBe(expected);
  });
});

describe('a code is no number of a country', () => {
  const countries = exampleCandidate({ id: '1', rates: [rateFor('1'), rateFor('353')] }, { productId: 'countries' });
  const codes = exampleCandidate({ id: '2', rates: [rateFor('171'), rateFor('50')] }, { productId: 'codes' });
  const asking = exampleCandidate({ id: '3', conditions: [only('numberKind', 'SHORT')], rates: [rateFor('50')] }, { productId: 'asking' });
  const rest = exampleCandidate({ id: '4', rates: [rateFor('*')] }, { productId: 'rest' });
  test.each<[string, PriceCandidate[], string, string, string]>([
    ['an emergency number begins like North America', [countries], '112', 'EMERGENCY', 'NO_DESTINATION'],
    ['a short code too', [countries], '1850', 'SHORT', 'NO_DESTINATION'],
    ['a number does', [countries], '17145550100', 'INTERNATIONAL', 'countries:0:1'],
    ['a prefix that is the whole code', [countries, codes], '171', 'SHORT', 'codes:0:171'],
    ['not one that it begins with', [codes], '50300', 'SHORT', 'NO_DESTINATION'],
    ['unless the price asks for codes', [codes, asking], '50300', 'SHORT', 'asking:0:50'],
    ['a name that begins with digits', [countries], '1PLUS', 'ALPHANUMERIC', 'NO_DESTINATION'],
    ['a service code', [countries, rest], '*100#', 'SERVICE_CODE', 'rest:0:*'],
    ['the fallback takes it', [countries, rest], '112', 'EMERGENCY', 'rest:0:*'],
  ])('%s', (_, candidates, otherParty, numberKind, expected) => {
    expect(chosen(call(otherParty, { attributes: { numberKind } }), candidates)).toBe(expected);
  });
});

describe('conditions', () => {
  const roaming = { attributes: { servingNetwork: '310260', place: 'US' } };
  test.each<[string, ReturnType<typeof only>[], object, string]>([
    ['hold', [only('servingNetwork', '23430', '310260')], roaming, 'p:0:'],
    ['all must hold', [only('servingNetwork', '310260'), only('place', 'CA')], roaming, 'NO_PRICE'],
    ['another value', [only('servingNetwork', '23430')], roaming, 'NO_PRICE'],
    ['an attribute that the usage lacks does not match', [only('dnn', 'internet')], roaming, 'NO_PRICE'],
    ['nor one that every object has', [only('constructor', 'x')], roaming, 'NO_PRICE'],
    ['direction', [only('direction', 'INCOMING')], { direction: 'INCOMING' }, 'p:0:'],
    ['the other direction', [only('direction', 'INCOMING')], {}, 'NO_PRICE'],
    ['no direction', [only('direction', 'OUTGOING')], { direction: null }, 'NO_PRICE'],
    ['direction among the attributes', [only('direction', 'FORWARDED')], { direction: null, attributes: { direction: 'FORWARDED' } }, 'p:0:'],
    ["the event's own network", [only('otherNetwork', 'Meteor')], { otherNetwork: 'Meteor', attributes: { otherNetwork: 'Three' } }, 'p:0:'],
    ['a network among the attributes', [only('otherNetwork', 'Three')], { attributes: { otherNetwork: 'Three' } }, 'p:0:'],
  ])('%s', (_, conditions, usage, expected) => {
    expect(chosen(call(null, usage), [exampleCandidate({ conditions })])).toBe(expected);
  });
});

test('what every object has is no attribute of a usage', () => expect(attributeOf(call(null), 'constructor')).toBeNull());

describe('between prices', () => {
  const outgoing = [only('direction', 'OUTGOING')];
  const wide = { rates: [rateFor('353')] };
  const deep = { rates: [rateFor('35389')] };
  const named = (productId: string, price: object, more: Partial<PriceCandidate> = {}): PriceCandidate =>
    exampleCandidate(price, { productId, ...more });
  test.each<[string, PriceCandidate[], string]>([
    ['product priority before prefix', [named('base', deep), named('addon', wide, { productPriority: 5 })], 'addon:0:353'],
    ['the add-on before its base', [named('base', deep), named('addon', wide, { isAddOn: true })], 'addon:0:353'],
    ['unless it says otherwise', [named('main', wide), named('addon', deep, { isAddOn: true, productPriority: 11 })], 'main:0:353'],
    ['the longer prefix', [named('a', wide), named('b', deep)], 'b:0:35389'],
    ['a prefix before "*"', [named('a', { rates: [rateFor('*')], conditions: outgoing }), named('b', wide)], 'b:0:353'],
    ['prefix before conditions', [named('a', { ...wide, conditions: outgoing }), named('b', deep)], 'b:0:35389'],
    ['more conditions', [named('a', wide), named('b', { ...wide, conditions: outgoing })], 'b:0:353'],
    ['conditions before start', [named('a', { ...wide, conditions: outgoing }), named('b', wide, { productStartedAt: 9 })], 'a:0:353'],
    ['the later start', [named('a', wide, { productStartedAt: 1 }), named('b', wide, { productStartedAt: 2 })], 'b:0:353'],
    ['all equal: the product', [named('b', wide), named('a', wide)], 'a:0:353'],
    ['all equal: the version', [named('a', { id: '2', ...wide }), named('a', { id: '1', ...wide })], 'a:0:353'],
    ['the next one where the first has no rate', [named('addon', deep, { productPriority: 1 }), named('base', wide)], 'base:0:353'],
    ['one that has no destination hides no other', [named('a', { rates: [rateFor('44')] }), named('b', wide)], 'b:0:353'],
  ])('%s', (_, candidates, expected) => {
    const number = expected.startsWith('base') ? '35315551234' : '353891234567';
    expect(chosen(call(number), candidates)).toBe(expected);
    expect(choosePrice(call(number), [...candidates].reverse())).toEqual(choosePrice(call(number), candidates));
  });

  test('the order of the candidates never decides', () => {
    const candidates = [
      named('a', wide), named('b', deep), named('c', { ...deep, id: '7' }), named('c', { ...deep, id: '8' }),
      named('d', { ...deep, conditions: outgoing }), named('e', { ...deep, conditions: outgoing }, { productStartedAt: 3 }),
      named('f', { rates: [rateFor('*')] }), named('g', wide, { productPriority: 20 }), named('h', wide, { isAddOn: true }),
    ];
    const sample = fc.subarray(candidates, { minLength: 1 });
    const shuffled = sample.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
    fc.assert(fc.property(shuffled, ([some, mixed]) => {
      expect(choosePrice(call('353891234567'), mixed)).toEqual(choosePrice(call('353891234567'), some));
    }));
  });
});
