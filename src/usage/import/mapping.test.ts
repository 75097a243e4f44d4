import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseIdentifier } from '../../party';
import { eventOf } from './event.rules';
import { ImportError, RowProblem } from './import.error';
import { compileMapping } from './mapping.compile';
import { readMapping } from './mapping.read';
import { columnsOf } from './mapping.types';

const MAPPING = `
source: switch-7
timeZone: Europe/Dublin
usage:
  id: { template: "{switch}/{number}" }
  kind: VOICE
  direction: { column: way, values: { o: OUTGOING, i: INCOMING } }
  subscriber: { value: { column: caller } }
  startedAt: { column: at, formats: "YYYY-MM-DD HH:mm:ss" }
  quantity: { column: used, unit: { column: unit } }
  otherParty: { column: called }
  attributes: { cell: { column: cell }, tariff: { column: tariff, otherwise: basic } }
`;
const COLUMNS = ['switch', 'number', 'way', 'caller', 'at', 'used', 'unit', 'called', 'cell', 'tariff'];
const ROW = { switch: 'a', number: '1', way: 'o', caller: '0209100001', at: '2026-03-01 10:00:00', used: '60', unit: 'second', called: '0851234567', cell: '', tariff: '' };
const PLAN = {
  countryCode: '353', nationalPrefix: '0', internationalPrefixes: ['00'], emergencyNumbers: ['112'], freephonePrefixes: [],
  shortCodes: [{ pattern: '171', name: 'Voicemail' }], nationalNumberLengths: [7, 10] as const,
};
const scope = { tenantId: 1, source: 'switch-7', dialPlan: PLAN, normaliseIdentifier };

const map = (over: Partial<typeof ROW> = {}, mapping = MAPPING) => {
  const row: Record<string, string> = { ...ROW, ...over };
  return eventOf(compileMapping(readMapping(mapping, 'm.yaml'), COLUMNS, 'f.csv')(COLUMNS.map((column) => row[column])), scope);
};

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof RowProblem) return error.code;
    if (error instanceof ImportError) return error.message;
    throw error;
  }
}

test('a row becomes a usage', () => {
  expect(map()).toMatchObject({
    tenantId: 1, source: 'switch-7', usageId: 'a/1', kind: 'VOICE', direction: 'OUTGOING', subscriber: { kind: 'MSISDN', value: '353209100001' },
    startedAt: Date.parse('2026-03-01T10:00:00Z'), endedAt: null, quantity: 60n, unit: 'SECOND', otherParty: '353851234567',
    attributes: { numberKind: 'NATIONAL', tariff: 'basic' }, emergency: false,
  });
});

test.each([
  ['winter', '2026-01-15 12:00:00', '2026-01-15T12:00:00Z'],
  ['summer', '2026-07-15 12:00:00', '2026-07-15T11:00:00Z'],
  ['the last minute before clocks go forward', '2026-03-29 00:59:59', '2026-03-29T00:59:59Z'],
  ['a time that is skipped is the next that is', '2026-03-29 01:30:00', '2026-03-29T01:00:00Z'],
  ['the first minute of summer', '2026-03-29 02:00:00', '2026-03-29T01:00:00Z'],
  ['a time that comes twice is the first', '2026-10-25 01:30:00', '2026-10-25T00:30:00Z'],
  ['the hour behind it', '2026-10-25 02:00:00', '2026-10-25T02:00:00Z'],
])('local time, %s', (_, at, expected) => expect(new Date(map({ at }).startedAt).toISOString()).toBe(expected.replace('Z', '.000Z')));

test.each([
  ['rfc3339', '2026-03-01T11:00:00.25+01:00', '2026-03-01T10:00:00.250Z'],
  ['epoch-seconds', '1772359200', '2026-03-01T10:00:00.000Z'],
  ['epoch-milliseconds', '1772359200001', '2026-03-01T10:00:00.001Z'],
  ['[DD.MM.YYYY HH:mm:ssZZ, epoch-seconds]', '01.03.2026 11:00:00+01:00', '2026-03-01T10:00:00.000Z'],
])('time as %s', (format, at, expected) => {
  expect(new Date(map({ at }, MAPPING.replace('"YYYY-MM-DD HH:mm:ss"', format)).startedAt).toISOString()).toBe(expected);
});

test.each<[string, string, bigint]>([
  ['0', 'second', 0n], ['1.5', 'minute', 90n], ['0.25', 'hour', 900n], ['3000', 'millisecond', 3n], ['60.000', 'second', 60n],
])('%s %s', (used, unit, expected) => expect(map({ used, unit }).quantity).toBe(expected));

test.each<[string, string, bigint]>([
  ['34.429', 'megabyte', 34_429_000n], ['5164.350', 'megabyte', 5_164_350_000n], ['1', 'mebibyte', 1_048_576n], ['0.5', 'kibibyte', 512n],
  ['9223372036854775807', 'byte', 9_223_372_036_854_775_807n], ['0.000000001', 'gigabyte', 1n], ['1', 'gibibyte', 1_073_741_824n],
])('%s %s of data', (used, unit, expected) => expect(map({ used, unit }, MAPPING.replace('kind: VOICE', 'kind: DATA')).quantity).toBe(expected));

test.each<[Partial<typeof ROW>, string]>([
  [{ number: '' }, 'MISSING_VALUE'], [{ switch: 'é' }, 'INVALID_VALUE'], [{ number: 'x'.repeat(128) }, 'INVALID_VALUE'], [{ way: 'x' }, 'UNKNOWN_VALUE'],
  [{ caller: '' }, 'MISSING_VALUE'], [{ caller: '12' }, 'INVALID_NUMBER'], [{ caller: '171' }, 'INVALID_NUMBER'], [{ called: 'nobody knows who' }, 'INVALID_NUMBER'],
  [{ at: '' }, 'MISSING_VALUE'], [{ at: '2026-02-29 10:00:00' }, 'INVALID_TIME'], [{ at: '2026-03-01 24:00:00' }, 'INVALID_TIME'],
  [{ used: '' }, 'INVALID_QUANTITY'], [{ used: '1,5' }, 'INVALID_QUANTITY'], [{ used: '-1' }, 'INVALID_QUANTITY'], [{ used: 'NaN' }, 'INVALID_QUANTITY'],
  [{ used: '0.5' }, 'INEXACT_QUANTITY'], [{ used: '1500', unit: 'millisecond' }, 'INEXACT_QUANTITY'], [{ unit: 'byte' }, 'WRONG_UNIT'],
  [{ unit: 'fortnight' }, 'WRONG_UNIT'], [{ cell: 'a\u0007' }, 'INVALID_VALUE'], [{ cell: 'x'.repeat(257) }, 'INVALID_VALUE'],
])('%j is rejected: %s', (over, code) => expect(codeOf(() => map(over))).toBe(code));

test('an emergency call is known by its number', () => expect(map({ called: '112' })).toMatchObject({ emergency: true, otherParty: '112' }));

test.each([
  ['source: switch-7', 'sourze: switch-7', 'm.yaml: sourze must be left out; the members here are format, delimiter, quote, source, timeZone, delivered, recordsOf, usage.'],
  ['source: switch-7', 'source: renewal', 'm.yaml: source must be 1 to 64 printable ASCII characters, and none of the names that the product books under itself.'],
  ['Europe/Dublin', 'Mars/Olympus', 'm.yaml: timeZone must be the name of a time zone like Europe/Dublin; "Mars/Olympus" is none.'],
  ['"YYYY-MM-DD HH:mm:ss"', 'HH:mm', 'm.yaml: usage.startedAt.formats must be made of a year, a month and a day, each once; "HH:mm" is not.'],
  ['{ column: called }', '{ colum: called }', 'm.yaml: usage.otherParty.colum must be left out; the members here are column, values, otherwise.'],
  ['{ column: called }', '[called]', 'm.yaml: usage.otherParty must be a map of names.'],
  ['{ column: called }', '{ column: dialled }',
    `f.csv, row 1, column "dialled": the mapping names this column, and the file has only ${COLUMNS.join(', ')}.`],
  ['cell: {', '"1": {', 'm.yaml: usage.attributes.1 must be named by a letter, then letters, digits and ". _ -".'],
  ['usage:', 'usage: [', 'is no YAML'],
  [MAPPING, '', 'm.yaml: the mapping must be a map of names.'],
])('a mapping with %j as %j is refused', (from, to, complaint) => {
  expect(codeOf(() => map({}, MAPPING.replace(from, to)))).toContain(complaint);
});

const RECORDS = MAPPING.replace('usage:', 'recordsOf: online\nusage:\n  chargingId: { column: cell }');

test.each<[string, object]>([
  ['4711', { chargingId: '4711', isRecord: true }], ['SMF1-0000000a/2', { chargingId: 'SMF1-0000000a/2', isRecord: true }], ['x'.repeat(64), { isRecord: true }],
])('a record of charging id %j', (cell, expected) => expect(map({ cell }, RECORDS)).toMatchObject(expected));

test('a record without a charging id is usage like any other, and hashes as such', () => {
  const plain = map({}, RECORDS);
  expect('isRecord' in plain || 'chargingId' in plain).toBe(false);
  expect(plain.bodyHash).toEqual(map().bodyHash);
  expect(map({ cell: '4711' }, RECORDS.replace('cell: { column: cell },', '')).bodyHash).not.toEqual(map({}, RECORDS.replace('cell: { column: cell },', '')).bodyHash);
});

test.each([['x'.repeat(65)], ['é'], [' 4711'], ['47\t11']])('charging id %j is rejected', (cell) => expect(codeOf(() => map({ cell }, RECORDS))).toBe('INVALID_VALUE'));

test.each([
  [MAPPING.replace('usage:', 'recordsOf: online\nusage:'), 'm.yaml: usage.chargingId must be given where recordsOf is online.'],
  [MAPPING.replace('usage:', 'usage:\n  chargingId: { column: cell }'), 'm.yaml: usage.chargingId must be left out, unless recordsOf is online.'],
  [RECORDS.replace('recordsOf: online', 'recordsOf: offline'), 'm.yaml: recordsOf must be one of online.'],
])('a mapping of records and charging ids that do not go together is refused', (mapping, complaint) => expect(codeOf(() => map({}, mapping))).toBe(complaint));

test('the mapping in the documentation is one', () => {
  const text = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'import.md'), 'utf8');
  const mapping = readMapping(/```yaml\n([\s\S]*?)```/.exec(text)![1], 'docs/import.md');
  expect(columnsOf(mapping).sort()).toEqual(['called', 'caller', 'ended', 'network', 'number', 'session', 'started', 'switch', 'type', 'used', 'visited']);
});
