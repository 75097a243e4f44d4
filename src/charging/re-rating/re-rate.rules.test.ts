import { amount, parseDecimal } from '../../platform/money';
import { choosePrice, explainFacts, priceSpan, RatingExplanation } from '../../rating';
import { ExamplePrice, exampleCandidate, exampleSpan, exampleUsage, flatRate } from '../../rating/rating.examples';
import { reRate, StoredPricing } from './re-rate.rules';

const TAX = [{ taxClass: 'STANDARD', taxCode: 'S20', rate: parseDecimal('0.20')!, validFrom: 0, validUntil: null }];
const DECK: ExamplePrice = { rates: [{ ...flatRate('0.10'), prefixes: ['353'] }, { ...flatRate('0.30', '60', '0.05'), prefixes: ['44'] }] };
const TIERED: ExamplePrice = {
  rates: [flatRate('0')],
  tiers: { mode: 'VOLUME' as const, tiers: [{ upTo: '100', amount: '0.10', flatAmount: '0' }, { upTo: null, amount: '0.05', flatAmount: '0' }] },
};

/** A call as the charging path stores it: `offset` of it was paid by allowances, `counter` units were on the tier before. */
function stored(price: ExamplePrice, offset = 0n, counter = 0n): StoredPricing {
  const usage = exampleUsage(150n, undefined, { otherParty: '447700900123' });
  const candidate = exampleCandidate(price);
  const chosen = choosePrice(usage, [candidate]);
  if (typeof chosen === 'string') throw new Error(chosen);
  const span = exampleSpan(150n - offset, offset, counter);
  const priced = priceSpan(usage, chosen, span);
  return {
    usage, net: priced.amount, tax: amount(priced.amount / 5n), asset: 'EUR/6', facts: explainFacts(chosen, priced, span), taxCode: 'S20',
  };
}

const again = (price: ExamplePrice, call: StoredPricing): string | null => reRate(call, exampleCandidate(price).price, TAX);

it.each<[string, ExamplePrice, bigint, bigint]>([
  ['a call', DECK, 0n, 0n], ['the rest behind an allowance', DECK, 40n, 0n], ['a tiered one', TIERED, 0n, 60n],
  ['one that a tier makes cheaper than nothing', TIERED, 149n, 100n],
])('%s costs again what it cost', (_, price, offset, counter) => expect(again(price, stored(price, offset, counter))).toBeNull());

it.each<[string, (call: StoredPricing) => StoredPricing, RegExp]>([
  ['a dearer one', (call) => ({ ...call, net: amount(call.net + 1n) }), /^net 0\.950001, tax 0\.19 \(S20\); priced again net 0\.95, tax 0\.19/],
  ['another tax', (call) => ({ ...call, tax: amount(call.tax + 1n) }), /tax 0\.190001/],
  ['another tax code', (call) => ({ ...call, taxCode: 'R9' }), /\(R9\)/],
  ['another currency', (call) => ({ ...call, asset: 'USD/6' }), /kept in USD\/6, priced in EUR/],
  ['a cost though allowances paid', (call) => ({ ...call, facts: null }), /priced again net 0\.00/],
  ['facts of another version', (call) => facts(call, { v: '7' }), /explained by 7/],
  ['facts of another quantity', (call) => facts(call, { q: '149' }), /149 priced behind 0/],
  ['facts of another destination', (call) => facts(call, { r: 0, x: '353' }), /its destination has another/],
  ['facts of a rate that is not there', (call) => facts(call, { r: 9 }), /its destination has another/],
  ['a time without a tax rate', (call) => ({ ...call, usage: { ...call.usage, startedAt: -1 } }), /no rate of tax class STANDARD/],
])('%s is told', (_, spoil, what) => expect(again(DECK, spoil(stored(DECK)))).toMatch(what));

const facts = (call: StoredPricing, change: Partial<RatingExplanation>): StoredPricing => ({ ...call, facts: { ...call.facts!, ...change } });
