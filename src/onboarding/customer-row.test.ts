import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RowProblem } from '../usage/import';
import { chargeReader, customerReader, idReader } from './customer-row';
import { readCustomerMapping } from './mapping.read';

const mapping = readCustomerMapping(readFileSync(join(__dirname, '..', '..', 'imports', 'telco-customers.mapping.yaml'), 'utf8'), 'telco.yaml');
const NONE = 'No internet service';
const ROW: Readonly<Record<string, string>> = {
  customerID: '1001-ASHEN', PhoneService: 'Yes', MultipleLines: 'No', InternetService: 'No', OnlineSecurity: NONE, OnlineBackup: NONE, DeviceProtection: NONE,
  TechSupport: NONE, StreamingTV: NONE, StreamingMovies: NONE, MonthlyCharges: '20.15',
};
const COLUMNS = ['other', ...Object.keys(ROW)];
const valuesOf = (over: object): string[] => COLUMNS.map((column) => ({ ...ROW, ...over } as Record<string, string>)[column] ?? 'x');
const read = customerReader(mapping, COLUMNS);

it.each<[string, object, string[]]>([
  ['a phone alone', {}, ['phone']],
  ['internet without a phone', { PhoneService: 'No', MultipleLines: 'No phone service', InternetService: 'DSL', OnlineSecurity: 'No', OnlineBackup: 'Yes' }, ['internet-dsl', 'online-backup']],
  ['everything', {
    MultipleLines: 'Yes', InternetService: 'Fiber optic', OnlineSecurity: 'Yes', OnlineBackup: 'Yes', DeviceProtection: 'Yes', TechSupport: 'Yes', StreamingTV: 'Yes', StreamingMovies: 'Yes',
  }, ['phone', 'multiple-lines', 'internet-fiber', 'online-security', 'online-backup', 'device-protection', 'tech-support', 'streaming-tv', 'streaming-movies']],
  ['nothing', { PhoneService: 'No' }, []],
])('a row with %s', (_, over, offerings) => {
  expect(read(valuesOf(over))).toMatchObject({
    id: '1001-ASHEN', offerings, customer: { name: 'Customer 1001-ASHEN', externalId: '1001-ASHEN', kind: 'INDIVIDUAL', terms: { limit: { kind: 'UNLIMITED' } } },
  });
});

const problemOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof RowProblem ? [error.code, error.column, error.message] : error;
  }
};

it.each<[string, object, [string, string, string]]>([
  ['no id', { customerID: '' }, ['MISSING_VALUE', 'customerID', 'The row names no customer.']],
  ['an id with a blank', { customerID: '1001 ASHEN' }, ['INVALID_VALUE', 'customerID', 'An external id has 1 to 100 printable ASCII characters without blanks.']],
  ['a card number for an id', { customerID: '4111111111111111' }, ['INVALID_VALUE', 'customerID', expect.stringMatching(/card/) as string]],
  ['a value that nobody knows', { InternetService: 'Satellite' }, ['UNKNOWN_VALUE', 'InternetService',
    'Column "InternetService" has the value "Satellite", which the mapping does not know; it knows "DSL", "Fiber optic", "No".']],
  ['an empty value', { StreamingTV: '' }, ['UNKNOWN_VALUE', 'StreamingTV', expect.stringContaining('has the value ""') as string]],
  ['another spelling', { PhoneService: 'yes' }, ['UNKNOWN_VALUE', 'PhoneService', expect.stringContaining('"yes"') as string]],
])('a row is rejected with its column: %s', (_, over, problem) => {
  expect(problemOf(() => read(valuesOf(over)))).toEqual(problem);
});

it.each<[string, unknown]>([
  ['29.85', 29_850_000n], ['20', 20_000_000n], ['0.000001', 1n],
  ['', ['MISSING_VALUE', 'MonthlyCharges', '"" is no money such as 29.85.']],
  ['29,85', ['INVALID_VALUE', 'MonthlyCharges', '"29,85" is no money such as 29.85.']],
  ['0.0000001', ['INVALID_VALUE', 'MonthlyCharges', '"0.0000001" is no money such as 29.85.']],
])('the monthly charge %s', (text, expected) => {
  const charge = chargeReader(mapping.monthlyCharge!, COLUMNS);
  expect(problemOf(() => charge(valuesOf({ MonthlyCharges: text })))).toEqual(expected);
});

it('the id is read alone', () => {
  const id = idReader(mapping, COLUMNS);
  expect(id(valuesOf({ PhoneService: '?' }))).toBe('1001-ASHEN');
  expect(problemOf(() => id(valuesOf({ customerID: '' })))).toEqual(['MISSING_VALUE', 'customerID', 'The row names no customer.']);
});
