import { parse, YAMLParseError } from 'yaml';
import { isTimeZone } from '../../platform/time';
import { isSource } from '../usage.validate';
import { ImportError } from './import.error';
import { asMap, asText, MappingForm, onlyKeys } from './mapping.forms';
import { Mapping, QuantityRule, TemplatePart, TextRule, TimeRule } from './mapping.types';
import { isTimeFormat } from './time.formats';

const TOP = ['format', 'delimiter', 'quote', 'source', 'timeZone', 'delivered', 'usage'];
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const USAGE = ['id', 'kind', 'direction', 'subscriber', 'startedAt', 'endedAt', 'quantity', 'otherParty', 'otherNetwork', 'attributes'];

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
  try {
    // Failsafe: every scalar stays the text that was written, so that 0851234567 keeps its zero.
    return mappingOf(parse(text, { schema: 'failsafe', prettyErrors: false }));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ImportError({ file, row: lineOf(text, error.pos[0]) }, `is no YAML: ${error.message}`);
    if (error instanceof MappingForm) throw new ImportError({ file }, error.message);
    throw error;
  }
}

const lineOf = (text: string, position: number): number => text.slice(0, position).split('\n').length;

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

function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new MappingForm(path, `one of ${allowed.join(', ')}`);
  return found;
}

function zoneOf(value: unknown): string {
  const zone = asText(value, 'timeZone', /./, 'the name of a time zone');
  if (!isTimeZone(zone)) throw new MappingForm('timeZone', `the name of a time zone like Europe/Dublin; "${zone}" is none`);
  return zone;
}

/** The name \t stands for a tab, which is hard to see in a file. */
function characterOf(value: unknown, path: string): string {
  const text = asText(value, path, /^(?:\\t|[^\r\n])$/, 'one character');
  return text === '\\t' ? '\t' : text;
}

const optional = (value: unknown, path: string): TextRule | null => (value === undefined ? null : textRule(value, path));

/** A plain text is a constant; otherwise a column with its value map, or a template. */
function textRule(value: unknown, path: string): TextRule {
  if (typeof value === 'string') return { kind: 'CONSTANT', text: value };
  const rule = asMap(value, path);
  if ('template' in rule) {
    onlyKeys(rule, ['template'], `${path}.`);
    return { kind: 'TEMPLATE', parts: templateParts(asText(rule.template, `${path}.template`, /./, 'a text with columns in braces')) };
  }
  onlyKeys(rule, ['column', 'values', 'otherwise'], `${path}.`);
  return columnRule(rule, path);
}

function columnRule(rule: Readonly<Record<string, unknown>>, path: string): TextRule {
  const values = rule.values === undefined ? null : new Map(Object.entries(asMap(rule.values, `${path}.values`))
    .map(([from, to]) => [from, asText(to, `${path}.values.${from}`, /^/, 'a text')]));
  const otherwise = rule.otherwise === undefined ? null : asText(rule.otherwise, `${path}.otherwise`, /^/, 'a text');
  return { kind: 'COLUMN', column: columnName(rule.column, `${path}.column`), values, otherwise };
}

const columnName = (value: unknown, path: string): string => asText(value, path, /./, 'the name of a column');

function templateParts(template: string): TemplatePart[] {
  return template.split(/(\{[^{}]+\})/).filter((part) => part !== '')
    .map((part) => (/^\{.+\}$/.test(part) ? { column: part.slice(1, -1) } : { text: part }));
}

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
