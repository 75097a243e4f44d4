import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { parseAmount } from '../platform/money';
import { ImportError } from '../usage/import';
import { codesOfMapping, columnsOfMapping } from './customer-row';
import { readCustomerMapping } from './mapping.read';

const TELCO = readFileSync(join(__dirname, '..', '..', 'imports', 'telco-customers.mapping.yaml'), 'utf8');

type Tree = { [key: string]: Tree } & Tree[];
/** The shipped mapping with one member set to something else; undefined takes it away. */
function changed(path: string, value: unknown): string {
  const tree = parse(TELCO, { schema: 'failsafe' }) as Tree;
  const names = path.split('.');
  const last = names.pop()!;
  const place = names.reduce<Tree>((at, name) => at[name]!, tree) as unknown as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return stringify(tree);
}

it('the shipped mapping sells what it names', () => {
  const mapping = readCustomerMapping(TELCO, 'telco.yaml');
  expect(codesOfMapping(mapping)).toEqual(mapping.catalog!.offerings.map(({ code }) => code));
  expect(mapping.catalog!.offerings.map(({ price }) => price)).toEqual(['20', '5', '25', '50', '5', '5', '5', '5', '10', '10'].map(parseAmount));
  expect(mapping).toMatchObject({
    format: null, delimiter: ',', source: 'telco-churn', monthlyCharge: { tolerance: 4_800_000n }, catalog: { isProrated: false, period: 'CALENDAR_MONTH' },
    account: { name: 'Home', currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 1, paymentMode: 'POSTPAID', creditLimit: 'UNLIMITED' },
  });
  expect(columnsOfMapping(mapping)).toEqual(['customerID', 'MonthlyCharges', 'PhoneService', 'MultipleLines', 'InternetService', 'OnlineSecurity', 'OnlineBackup',
    'DeviceProtection', 'TechSupport', 'StreamingTV', 'StreamingMovies']);
});

it.each<[string, string, unknown, object]>([
  ['a prepaid account has no limit', 'account', { name: 'P', currency: 'EUR', timeZone: 'UTC', billCycleDay: '1', paymentMode: 'PREPAID' }, { account: { creditLimit: null } }],
  ['a limit in money', 'account.creditLimit', '200.00', { account: { creditLimit: '200.00' } }],
  ['no charge to compare with', 'monthlyCharge', undefined, { monthlyCharge: null }],
  ['no tolerance', 'monthlyCharge.tolerance', undefined, { monthlyCharge: { tolerance: 0n } }],
  ['no catalog', 'catalog', undefined, { catalog: null }],
  ['prorated unless told', 'catalog.prorated', undefined, { catalog: { isProrated: true } }],
  ['several offerings for one value', 'services.0.values.Yes', ['phone', 'multiple-lines'], {}],
])('reads: %s', (_, path, value, expected) => {
  expect(readCustomerMapping(changed(path, value), 'm.yaml')).toMatchObject(expected);
});

it.each<[string, string, unknown, string]>([
  ['a stranger', 'sourc', 'x', 'sourc must be left out; the members here are format, delimiter'],
  ['a stranger in the account', 'account.limit', 'x', 'account.limit must be left out'],
  ['no source', 'source', undefined, 'source must be 1 to 64 printable ASCII characters'],
  ['a source with blanks', 'source', 'a b', 'source must be 1 to 64'],
  ['an id that is a constant', 'customer.id', 'C1', 'customer.id must be a column or a template of columns'],
  ['a name without columns', 'customer.name', { template: 'Customer' }, 'customer.name must be a column or a template of columns'],
  ['no such kind', 'customer.kind', 'CAT', 'customer.kind must be one of INDIVIDUAL, ORGANIZATION'],
  ['no such segment', 'customer.segment', 'CAT', 'customer.segment must be one of CONSUMER'],
  ['a currency that is none', 'account.currency', 'EURO', 'account.currency must be a code of ISO 4217'],
  ['a zone that is none', 'account.timeZone', 'Mars/Base', 'account.timeZone must be the name of a time zone'],
  ['day 32', 'account.billCycleDay', '32', 'account.billCycleDay must be a day of the month'],
  ['day 0', 'account.billCycleDay', '0', 'account.billCycleDay must be a day of the month'],
  ['a name that no account has', 'account.name', ' ', 'account.name must be the name of the account'],
  ['a mode that is none', 'account.paymentMode', 'LATER', 'account.paymentMode must be one of PREPAID'],
  ['a postpaid account without a limit', 'account.creditLimit', undefined, 'account.creditLimit must be UNLIMITED, or money'],
  ['a negative limit', 'account.creditLimit', '-1', 'account.creditLimit must be UNLIMITED, or money'],
  ['a limit beyond all', 'account.creditLimit', '1000000000001', 'account.creditLimit must be at most'],
  ['a prepaid account with a limit', 'account.paymentMode', 'PREPAID', 'account.creditLimit must be left out'],
  ['no services', 'services', [], 'services must be a list of columns'],
  ['a column twice', 'services.1.column', 'PhoneService', 'services must be columns, each once; "PhoneService" stands there twice'],
  ['a code that is none', 'services.0.values.Yes', 'a b', 'services[0].values.Yes must be the code of an offering'],
  ['a negative tolerance', 'monthlyCharge.tolerance', '-1', 'monthlyCharge.tolerance must be money such as 4.80'],
  ['a price that is none', 'catalog.offerings.0.price', 'free', 'catalog.offerings[0].price must be money'],
  ['a period that is none', 'catalog.period', 'YEAR', 'catalog.period must be one of CALENDAR_MONTH'],
])('refuses: %s', (_, path, value, message) => {
  const read = (): unknown => readCustomerMapping(changed(path, value), 'm.yaml');
  expect(read).toThrow(ImportError);
  expect(read).toThrow(`m.yaml: ${message}`);
});
