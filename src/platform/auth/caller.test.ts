import { Caller, moneyLimitIn } from './caller';

const one = { moneyLimit: '50' };
const more = { moneyLimit: '50', moneyLimits: { EUR: '40', KWD: '15' } };
test.each<[string, Pick<Caller, 'moneyLimit' | 'moneyLimits'>, string, string | null]>([
  ['the limit in the tenant\'s currency', one, 'EUR', '50'],
  ['none in another', one, 'KWD', null],
  ['what the token names for another', more, 'KWD', '15'],
  ['what it names for the tenant\'s before the limit', more, 'EUR', '40'],
  ['none in a third', more, 'USD', null],
  ['no limit at all', { moneyLimit: null }, 'EUR', null],
  ['no limit but of another currency', { moneyLimit: null, moneyLimits: { KWD: '15' } }, 'EUR', null],
])('%s', (_, caller, currency, expected) => expect(moneyLimitIn(caller, currency, 'EUR')).toBe(expected));
