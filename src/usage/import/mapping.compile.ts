import { Quantity, Unit } from '../../platform/money';
import { CallDirection, IDENTIFIER_KINDS, IdentifierKind, UNIT_OF_KIND, USAGE_KINDS, UsageKind } from '../usage.types';
import { isSenderKey } from '../text.rules';
import { LONGEST_CHARGING_ID } from '../usage.validate';
import { ImportError, RowProblem } from './import.error';
import { columnsOf, Mapping, TextRule, TimeRule } from './mapping.types';
import { readInstant } from './time.formats';
import { convertQuantity } from './units';

/** One row by the mapping, before numbers are normalised. An absent text is empty. */
export interface MappedRow {
  readonly id: string;
  readonly kind: UsageKind;
  readonly direction: CallDirection | null;
  readonly subscriberKind: IdentifierKind;
  readonly subscriber: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly quantity: Quantity;
  readonly unit: Unit;
  readonly otherParty: string;
  readonly otherNetwork: string;
  readonly chargingId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Maps the values of one row, in the order of the columns. @throws RowProblem */
export type RowMapper = (values: readonly string[]) => MappedRow;

export type Reader = (values: readonly string[]) => string;

const DIRECTIONS: readonly CallDirection[] = ['OUTGOING', 'INCOMING'];
const LONGEST_ID = 128;
const LONGEST_TEXT = 256;
/** Controls, line and paragraph separators, halves of surrogate pairs: no price asks for them. */
const BROKEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * Binds a mapping to the columns of a file.
 * @throws ImportError where the mapping names a column that the file does not have, or has twice.
 */
export function compileMapping(mapping: Mapping, columns: readonly string[], file: string): RowMapper {
  for (const column of columnsOf(mapping)) requireColumn(column, columns, file);
  const bind = (rule: TextRule | null): Reader => bindText(rule, columns);
  const [id, kind, direction, subscriberKind] = [bind(mapping.id), bind(mapping.usageKind), bind(mapping.direction), bind(mapping.subscriberKind)];
  const [subscriber, amount, unit] = [bind(mapping.subscriber), bind(mapping.quantity.amount), bind(mapping.quantity.unit)];
  const [otherParty, otherNetwork, chargingId] = [bind(mapping.otherParty), bind(mapping.otherNetwork), bind(mapping.chargingId)];
  const startedAt = bindTime(mapping.startedAt, columns, mapping.timeZone);
  const endedAt = mapping.endedAt && bindTime(mapping.endedAt, columns, mapping.timeZone);
  const attributes = [...mapping.attributes].map(([name, rule]) => [name, bind(rule)] as const);
  return (values) => {
    const usageKind = oneOf(kind(values), USAGE_KINDS, 'kind of usage');
    const used = convertQuantity(amount(values), unit(values));
    if (usageKind !== 'GENERIC' && used.unit !== UNIT_OF_KIND[usageKind]) {
      throw new RowProblem('WRONG_UNIT', `${usageKind} is measured in ${UNIT_OF_KIND[usageKind]}, not in ${used.unit}.`);
    }
    return {
      id: idOf(id(values)), kind: usageKind, quantity: used.quantity, unit: used.unit,
      direction: mapping.direction ? directionOf(direction(values)) : null,
      subscriberKind: oneOf(subscriberKind(values), IDENTIFIER_KINDS, 'kind of identifier'), subscriber: subscriber(values),
      startedAt: startedAt(values), endedAt: endedAt ? endedAt(values) : null,
      otherParty: otherParty(values), otherNetwork: printable(otherNetwork(values), 'otherNetwork'),
      chargingId: chargingIdOf(chargingId(values)), attributes: filled(attributes, values),
    };
  };
}

/** @throws ImportError unless the file has the column, once. */
export function requireColumn(column: string, columns: readonly string[], file: string): void {
  const count = columns.filter((each) => each === column).length;
  if (count === 1) return;
  const problem = count === 0 ? `the mapping names this column, and the file has only ${columns.join(', ')}.` : 'the file has this column twice.';
  throw new ImportError({ file, row: 1, column }, problem);
}

/** How a rule's text is read from the values of a row. @throws RowProblem by the reader. */
export function bindText(rule: TextRule | null, columns: readonly string[]): Reader {
  if (rule === null) return () => '';
  if (rule.kind === 'CONSTANT') return () => rule.text;
  if (rule.kind === 'TEMPLATE') return bindTemplate(rule.parts, columns);
  const index = columns.indexOf(rule.column);
  const { values: map, otherwise, column } = rule;
  if (map === null) return (values) => values[index] || (otherwise ?? '');
  return (values) => {
    const found = map.get(values[index]) ?? otherwise;
    if (found !== null) return found;
    throw new RowProblem('UNKNOWN_VALUE', `Column "${column}" has the value "${shortened(values[index])}", which the mapping does not know.`, column);
  };
}

/** A template with an empty column is no id that tells rows apart, so that is a missing value. */
function bindTemplate(parts: Extract<TextRule, { kind: 'TEMPLATE' }>['parts'], columns: readonly string[]): Reader {
  const bound = parts.map((part) => ('text' in part ? part : { ...part, index: columns.indexOf(part.column) }));
  return (values) => bound.map((part) => ('text' in part ? part.text : requireText(values[part.index], part.column))).join('');
}

function bindTime({ column, formats }: TimeRule, columns: readonly string[], zone: string): (values: readonly string[]) => number {
  const index = columns.indexOf(column);
  return (values) => {
    const text = requireText(values[index], column);
    const instant = readInstant(text, formats, zone);
    if (instant !== null) return instant;
    throw new RowProblem('INVALID_TIME', `Column "${column}" has "${shortened(text)}", which is no time by ${formats.join(' or ')}.`, column);
  };
}

function requireText(text: string, column: string): string {
  if (text === '') throw new RowProblem('MISSING_VALUE', `Column "${column}" is empty.`, column);
  return text;
}

function idOf(text: string): string {
  if (isSenderKey(text, LONGEST_ID)) return text;
  throw new RowProblem(text === '' ? 'MISSING_VALUE' : 'INVALID_VALUE', 'The id of a usage has 1 to 128 printable ASCII characters.');
}

/** A record that states none is of something that was never charged online. */
function chargingIdOf(text: string): string {
  if (text === '' || isSenderKey(text, LONGEST_CHARGING_ID)) return text;
  throw new RowProblem('INVALID_VALUE', `A charging id has 1 to ${LONGEST_CHARGING_ID} printable ASCII characters.`);
}

function printable(text: string, name: string): string {
  if (text.length <= LONGEST_TEXT && !BROKEN.test(text)) return text;
  throw new RowProblem('INVALID_VALUE', `The text for ${name} is longer than ${LONGEST_TEXT} characters, or holds a control character.`);
}

const directionOf = (text: string): CallDirection | null => (text === '' ? null : oneOf(text, DIRECTIONS, 'direction'));

function oneOf<T extends string>(text: string, allowed: readonly T[], what: string): T {
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw new RowProblem('UNKNOWN_VALUE', `"${shortened(text)}" is no ${what}; it is one of ${allowed.join(', ')}.`);
  return found;
}

/** Attributes that the row has a text for. */
function filled(attributes: readonly (readonly [string, Reader])[], values: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, read] of attributes) {
    const text = read(values);
    if (text !== '') found[name] = printable(text, name);
  }
  return found;
}

export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
