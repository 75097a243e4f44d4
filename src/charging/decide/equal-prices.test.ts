import { ExamplePrice, examplePrice, flatRate } from '../../rating/rating.examples';
import { areEqual } from './equal-prices';

type Holder = Parameters<typeof areEqual>[0];
interface Sold extends Partial<Pick<Holder, 'id' | 'accountId' | 'accountWide' | 'attachedTo' | 'startedAt'>> {
  readonly priority?: number;
  readonly prices?: readonly ExamplePrice[];
  /** End of what it pays. */
  readonly until?: number;
  readonly listed?: readonly ExamplePrice[];
}

/** A product of account 1 that serves all of it, started at 1000, with a call price without destinations. */
function product({ priority = 100, prices = [{}], listed = [], until, ...over }: Sold): Holder {
  const assignments = prices.map(examplePrice).map((price) => ({ priceId: price.priceId, price, compiled: null, from: 1_000, until: until ?? null }));
  const usage = listed.map((price) => ({ ...examplePrice(price), listPriced: true }));
  return { id: 1n, accountId: 1n, accountWide: true, attachedTo: null, startedAt: 1_000, terms: { priority, usage } as unknown as Holder['terms'], assignments, ...over };
}

const to = (...prefixes: string[]): ExamplePrice => ({ rates: [{ ...flatRate('0.10'), prefixes }] });
const when = (...conditions: [string, ...string[]][]): ExamplePrice => ({ conditions: conditions.map(([attribute, ...values]) => ({ attribute, in: values })) });
const line = { accountWide: false };

test.each<[string, Sold, Sold, boolean]>([
  ['the same twice', {}, {}, true],
  ['another priority', { priority: 99 }, {}, false],
  ['another start', { startedAt: 1_001 }, {}, false],
  ['an add-on and its base', { ...line, id: 2n, attachedTo: 1n }, line, false],
  ['two add-ons of one line', { ...line, id: 2n, attachedTo: 1n }, { ...line, id: 3n, attachedTo: 1n }, true],
  ['add-ons of two lines', { ...line, id: 3n, attachedTo: 1n }, { ...line, id: 4n, attachedTo: 2n }, false],
  ['two lines', { ...line, id: 1n }, { ...line, id: 2n }, false],
  ['a line and what serves all of the account', { ...line, id: 1n }, { id: 2n }, true],
  ['another account', { accountId: 2n }, {}, false],
  ['another kind of usage', { prices: [{ usageKind: 'SMS' }] }, {}, false],
  ['another unit', { prices: [{ usageKind: 'GENERIC', unit: 'BYTE' }] }, { prices: [{ usageKind: 'GENERIC', unit: 'EVENT' }] }, false],
  ['no usage prices', { prices: [] }, {}, false],
  ['any of many', { prices: [{ usageKind: 'SMS' }, {}] }, { prices: [{ usageKind: 'DATA' }, {}] }, true],
  ['one prefix of many', { prices: [to('353', '44')] }, { prices: [to('44', '1')] }, true],
  ['a longer prefix', { prices: [to('353')] }, { prices: [to('35389')] }, false],
  ['a prefix and the fallback', { prices: [to('353')] }, { prices: [to('*')] }, false],
  ['two fallbacks', { prices: [to('353', '*')] }, { prices: [to('44', '*')] }, true],
  ['the fallback and no destination', { prices: [to('*')] }, {}, true],
  ['more conditions', { prices: [when(['direction', 'OUTGOING'])] }, {}, false],
  ['conditions that cannot hold together', { prices: [when(['direction', 'OUTGOING'])] }, { prices: [when(['direction', 'INCOMING'])] }, false],
  ['conditions with a value in common', { prices: [when(['place', 'IE', 'GB'])] }, { prices: [when(['place', 'GB', 'FR'])] }, true],
  ['conditions on two attributes', { prices: [when(['place', 'IE'])] }, { prices: [when(['network', 'Meteor'])] }, true],
  ['one of two conditions cannot hold', { prices: [when(['place', 'IE'], ['qos', '1'])] }, { prices: [when(['place', 'IE'], ['qos', '2'])] }, false],
  ['a list price', { prices: [], listed: [{}] }, {}, true],
  ['a price that is over', { until: 1_000 }, {}, false],
])('%s', (_, a, b, expected) => {
  expect(areEqual(product(a), product(b))).toBe(expected);
  expect(areEqual(product(b), product(a))).toBe(expected);
});
