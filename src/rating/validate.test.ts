import type { PriceRate, PriceTiers, PriceWindow } from '../catalog/price.types';
import { compilePrice } from './compile';
import { examplePrice, ExamplePrice, flatRate } from './rating.examples';
import { validatePrice } from './validate';

const rates = (...some: Partial<PriceRate>[]): ExamplePrice => ({ rates: some.map((rate) => ({ ...flatRate('0.1'), ...rate })) });
const step = (from: string, amount = '1', increment = '1') => ({ from, amount, increment });
const window = (more: Partial<PriceWindow> = {}): PriceWindow => ({
  name: 'W', weekdays: [], dates: [], from: '08:00', until: '18:00', weight: 0, connectFee: '0', steps: [step('0')], ...more,
});
const windows = (...some: Partial<PriceWindow>[]): ExamplePrice =>
  rates({ windows: some.map((more, index) => window({ name: `W${index}`, ...more })) });
const tiers = (...bounds: (string | null)[]): PriceTiers => ({
  mode: 'GRADUATED', tiers: bounds.map((upTo) => ({ upTo, amount: '0.1', flatAmount: '0' })),
});
const tiered = (more: ExamplePrice): ExamplePrice => ({ rates: [flatRate('0')], tiers: tiers('10', null), ...more });

test.each<[string, ExamplePrice, string | null]>([
  ['sound', {}, null],
  ['unit of another kind', { unit: 'BYTE' }, 'unit'],
  ['a generic price brings its unit', { usageKind: 'GENERIC', unit: 'BYTE' }, null],
  ['per nothing', { per: 0n }, 'per'],
  ['unknown zone', { timeZone: 'Europe/Atlantis' }, 'definition.timeZone'],
  ['no rate', { rates: [] }, 'definition.rates'],
  ['condition without attribute', { conditions: [{ attribute: '', in: ['x'] }] }, 'definition.conditions[0].attribute'],
  ['condition without values', { conditions: [{ attribute: 'dnn', in: [] }] }, 'definition.conditions[0].in'],
  ['prefix of letters', rates({ prefixes: ['353', '44x'] }), 'definition.rates[0].prefixes[1]'],
  ['empty prefix', rates({ prefixes: [''] }), 'definition.rates[0].prefixes[0]'],
  ['prefix in two rates', rates({ prefixes: ['353'] }, { prefixes: ['44', '353'] }), 'definition.rates[1].prefixes[1]'],
  ['prefix twice in one', rates({ prefixes: ['44', '44'] }), 'definition.rates[0].prefixes[1]'],
  ['two fallbacks', rates({ prefixes: ['*'] }, { prefixes: ['*'] }), 'definition.rates[1].prefixes[0]'],
  ['two rates without prefixes', rates({}, {}), 'definition.rates[1].prefixes'],
  ['nested prefixes', rates({ prefixes: ['353'] }, { prefixes: ['3538', '*'] }, {}), null],
  ['bad connect fee', rates({ connectFee: '0,05' }), 'definition.rates[0].connectFee'],
  ['connect fee of seven decimals', rates({ connectFee: '0.0000001' }), 'definition.rates[0].connectFee'],
  ['no step', rates({ steps: [] }), 'definition.rates[0].steps'],
  ['first step not 0', rates({ steps: [step('1')] }), 'definition.rates[0].steps[0].from'],
  ['steps not ascending', rates({ steps: [step('0'), step('60'), step('60')] }), 'definition.rates[0].steps[2].from'],
  ['step from a fraction', rates({ steps: [step('0'), step('0.5')] }), 'definition.rates[0].steps[1].from'],
  ['increment 0', rates({ steps: [step('0', '1', '0')] }), 'definition.rates[0].steps[0].increment'],
  ['increment of a fraction', rates({ steps: [step('0', '1', '1.5')] }), 'definition.rates[0].steps[0].increment'],
  ['a float for a price', rates({ steps: [step('0', '1e-3')] }), 'definition.rates[0].steps[0].amount'],
  ['a negative price', rates({ steps: [step('0', '-1')] }), 'definition.rates[0].steps[0].amount'],
  ['window without a name', windows({ name: '' }), 'definition.rates[0].windows[0].name'],
  ['two windows of one name', windows({ name: 'A' }, { name: 'A', from: '20:00' }), 'definition.rates[0].windows[1].name'],
  ['window at 24:00', windows({ until: '24:00' }), 'definition.rates[0].windows[0].until'],
  ['window at 8:00', windows({ from: '8:00' }), 'definition.rates[0].windows[0].from'],
  ['weekday 0', windows({ weekdays: [0] }), 'definition.rates[0].windows[0].weekdays'],
  ['no such date', windows({ dates: ['2026-12-25', '2026-02-29'] }), 'definition.rates[0].windows[0].dates[1]'],
  ['weight of a fraction', windows({ weight: 0.5 }), 'definition.rates[0].windows[0].weight'],
  ['step of a window', windows({ steps: [step('5')] }), 'definition.rates[0].windows[0].steps[0].from'],
  ['window under a heavier one', windows({}, { from: '00:00', until: '00:00', weight: 1 }), 'definition.rates[0].windows[0]'],
  ['window under two later ones', windows({}, { from: '08:00', until: '12:00', weight: 1 }, { from: '12:00', until: '18:00', weight: 1 }), 'definition.rates[0].windows[0]'],
  ['window that keeps a Sunday', windows({}, { weekdays: [1, 2, 3, 4, 5, 6], weight: 1 }), null],
  ['dated window on a weekday it never meets', windows({ dates: ['2026-12-25'], weekdays: [1] }), 'definition.rates[0].windows[0]'],
  ['dated window over a heavy weekly one', windows({ weight: 9 }, { dates: ['2026-12-25'] }), null],
  ['rounding to seven digits', { rounding: { digits: 7, mode: 'UP' } }, 'definition.rounding.digits'],
  ['minimum finer than the rounding', { minimumCharge: '0.001', rounding: { digits: 2, mode: 'UP' } }, 'definition.minimumCharge'],
  ['minimum above maximum', { minimumCharge: '2', maximumCharge: '1' }, 'definition.minimumCharge'],
  ['bad maximum', { maximumCharge: 'much' }, 'definition.maximumCharge'],
  ['free units of a fraction', { freeUnits: '1.5' }, 'definition.freeUnits'],
  ['tiers', tiered({}), null],
  ['no tier', tiered({ tiers: tiers() }), 'definition.tiers.tiers'],
  ['last tier closed', tiered({ tiers: tiers('10', '20') }), 'definition.tiers.tiers[1].upTo'],
  ['open tier in between', tiered({ tiers: tiers(null, null) }), 'definition.tiers.tiers[0].upTo'],
  ['tiers not ascending', tiered({ tiers: tiers('10', '10', null) }), 'definition.tiers.tiers[1].upTo'],
  ['first tier empty', tiered({ tiers: tiers('0', null) }), 'definition.tiers.tiers[0].upTo'],
  ['tiers beside a price of the units', tiered({ rates: [flatRate('0.1')] }), 'definition.rates[0]'],
  ['tiers beside a maximum', tiered({ maximumCharge: '1' }), 'definition.maximumCharge'],
  ['tiers beside a fee finer than the rounding', tiered({ rates: [flatRate('0', '1', '0.001')], rounding: { digits: 2, mode: 'UP' } }), 'definition.rates[0].connectFee'],
])('%s', (_, price, path) => {
  const version = examplePrice(price);
  expect(validatePrice(version).map((problem) => problem.path)).toEqual(path === null ? [] : [path]);
  if (path === null) expect(compilePrice(version).version).toBe(version);
  else expect(() => compilePrice(version)).toThrow(`Price version 1: ${path} `);
});

test('every problem is told at once', () => {
  const version = examplePrice({ per: 0n, timeZone: 'Nowhere', ...rates({ steps: [step('1', 'x', '0')] }) });
  expect(validatePrice(version)).toEqual([
    { path: 'per', message: 'must be at least 1.' },
    { path: 'definition.timeZone', message: 'is no known time zone.' },
    { path: 'definition.rates[0].steps[0].from', message: 'must be 0: nothing prices the first units.' },
    { path: 'definition.rates[0].steps[0].increment', message: 'must be a whole quantity of at least 1.' },
    { path: 'definition.rates[0].steps[0].amount', message: 'must be a decimal, not negative.' },
  ]);
});

test('a currency out of use', () => {
  expect(validatePrice({ ...examplePrice(), currency: 'XYZ' }).map(({ path }) => path)).toEqual(['currency']);
});
