import { isSource } from '../usage.validate';
import { ImportError } from './import.error';
import { asMap, asText, characterOf, columnName, MappingForm, oneOf, onlyKeys, readYaml, textRule, zoneOf } from './mapping.forms';
import { Mapping, QuantityRule, TextRule, TimeRule } from './mapping.types';
import { isTimeFormat } from './time.formats';

const TOP = ['format', 'delimiter', 'quote', 'source', 'timeZone', 'delivered', 'recordsOf', 'usage'];
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const USAGE = ['id', 'kind', 'direction', 'subscriber', 'startedAt', 'endedAt', 'quantity', 'otherParty', 'otherNetwork', 'chargingId', 'attributes'];

/** The mapping with another source, as a command line may ask. @throws ImportError where the name cannot be one. */
export function withSource(mapping: Mapping, source: string): Mapping {
  if (!isSource(source)) throw new ImportError({ file: '--source' }, `"${source}" cannot be the name of a source.`);
  return { ...mapping, source };
}

/**
 * Reads the text of a mapping file (docs/import.md shows its form).
 * @throws ImportError naming the file and the first member that is wrong.
 */
export function readMapping(text: string, file: string): Mapping {
  return readYaml(text, file, mappingOf);
}

function mappingOf(document: unknown): Mapping {
  const top = onlyKeys(asMap(document, 'the mapping'), TOP, '');
  const usage = onlyKeys(asMap(top.usage, 'usage'), USAGE, 'usage.');
  const subscriber = onlyKeys(asMap(usage.subscriber, 'usage.subscriber'), ['kind', 'value'], 'usage.subscriber.');
  return {
    format: top.format === undefined ? null : oneOf(top.format, 'format', ['csv', 'jsonl'] as const),
    delimiter: characterOf(top.delimiter ?? ',', 'delimiter'),
    quote: characterOf(top.quote ?? '"', 'quote'),
    source: sourceOf(top.source),
    timeZone: zoneOf(top.timeZone),
    delivered: oneOf(top.delivered ?? 'true', 'delivered', ['true', 'false']) === 'true',
    ...recordsOf(top.recordsOf, usage.chargingId),
    id: textRule(usage.id, 'usage.id'),
    usageKind: textRule(usage.kind, 'usage.kind'),
    direction: optional(usage.direction, 'usage.direction'),
    subscriberKind: textRule(subscriber.kind ?? 'MSISDN', 'usage.subscriber.kind'),
    subscriber: textRule(subscriber.value, 'usage.subscriber.value'),
    startedAt: timeRule(usage.startedAt, 'usage.startedAt'),
    endedAt: usage.endedAt === undefined ? null : timeRule(usage.endedAt, 'usage.endedAt'),
    quantity: quantityRule(usage.quantity),
    otherParty: optional(usage.otherParty, 'usage.otherParty'),
    otherNetwork: optional(usage.otherNetwork, 'usage.otherNetwork'),
    attributes: attributeRules(usage.attributes ?? {}),
  };
}

/** Rows that come to be charged are not compared, and a record without a charging id could not be. */
function recordsOf(records: unknown, chargingId: unknown): Pick<Mapping, 'recordsOf' | 'chargingId'> {
  if (records === undefined) {
    if (chargingId !== undefined) throw new MappingForm('usage.chargingId', 'left out, unless recordsOf is online');
    return { recordsOf: null, chargingId: null };
  }
  oneOf(records, 'recordsOf', ['online'] as const);
  if (chargingId === undefined) throw new MappingForm('usage.chargingId', 'given where recordsOf is online');
  return { recordsOf: 'ONLINE', chargingId: textRule(chargingId, 'usage.chargingId') };
}

function sourceOf(value: unknown): string {
  const source = asText(value, 'source', /./, 'the name of the source');
  if (isSource(source)) return source;
  throw new MappingForm('source', '1 to 64 printable ASCII characters, and none of the names that the product books under itself');
}

function attributeRules(value: unknown): Map<string, TextRule> {
  return new Map(Object.entries(asMap(value, 'usage.attributes')).map(([name, rule]) => {
    if (!ATTRIBUTE_NAME.test(name)) throw new MappingForm(`usage.attributes.${name}`, 'named by a letter, then letters, digits and ". _ -"');
    return [name, textRule(rule, `usage.attributes.${name}`)];
  }));
}

const optional = (value: unknown, path: string): TextRule | null => (value === undefined ? null : textRule(value, path));

function timeRule(value: unknown, path: string): TimeRule {
  const rule = onlyKeys(asMap(value, path), ['column', 'formats'], `${path}.`);
  const formats = Array.isArray(rule.formats) ? (rule.formats as unknown[]) : [rule.formats];
  return {
    column: columnName(rule.column, `${path}.column`),
    formats: formats.map((format) => {
      const text = asText(format, `${path}.formats`, /./, 'a time format or a list of them');
      if (!isTimeFormat(text)) throw new MappingForm(`${path}.formats`, `made of a year, a month and a day, each once; "${text}" is not`);
      return text;
    }),
  };
}

/** An amount by column or template, or `constant`, each with its unit. */
function quantityRule(value: unknown): QuantityRule {
  const { unit, constant, ...amount } = asMap(value, 'usage.quantity');
  if (constant !== undefined) onlyKeys(amount, [], 'usage.quantity.');
  return { amount: textRule(constant ?? amount, 'usage.quantity'), unit: textRule(unit, 'usage.quantity.unit') };
}
