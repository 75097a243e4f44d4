import { parse, YAMLParseError } from 'yaml';
import { isTimeZone } from '../../platform/time';
import { ImportError } from './import.error';
import type { TemplatePart, TextRule } from './mapping.types';

/** A member of a mapping has the wrong form; the message is a sentence without the file's name. */
export class MappingForm extends Error {
  constructor(path: string, form: string) {
    super(`${path} must be ${form}.`);
  }
}

type Members = Readonly<Record<string, unknown>>;

export function asMap(value: unknown, path: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MappingForm(path, 'a map of names');
  return value as Members;
}

export function asText(value: unknown, path: string, form: RegExp, wanted: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw new MappingForm(path, wanted);
  return value;
}

/** The same members, none of them under another name than the known ones: a misspelt member must not be passed over. */
export function onlyKeys(members: Members, known: readonly string[], prefix: string): Members {
  const stranger = Object.keys(members).find((key) => !known.includes(key));
  if (stranger !== undefined) throw new MappingForm(`${prefix}${stranger}`, `left out; the members here are ${known.join(', ')}`);
  return members;
}

/** Reads a mapping file by `of`. @throws ImportError naming the file and the first member that is wrong. */
export function readYaml<T>(text: string, file: string, of: (document: unknown) => T): T {
  try {
    // Failsafe: every scalar stays the text that was written, so that 0851234567 keeps its zero.
    return of(parse(text, { schema: 'failsafe', prettyErrors: false }));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ImportError({ file, row: lineOf(text, error.pos[0]) }, `is no YAML: ${error.message}`);
    if (error instanceof MappingForm) throw new ImportError({ file }, error.message);
    throw error;
  }
}

const lineOf = (text: string, position: number): number => text.slice(0, position).split('\n').length;

export function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new MappingForm(path, `one of ${allowed.join(', ')}`);
  return found;
}

export function zoneOf(value: unknown, path = 'timeZone'): string {
  const zone = asText(value, path, /./, 'the name of a time zone');
  if (!isTimeZone(zone)) throw new MappingForm(path, `the name of a time zone like Europe/Dublin; "${zone}" is none`);
  return zone;
}

/** The name \t stands for a tab, which is hard to see in a file. */
export function characterOf(value: unknown, path: string): string {
  const text = asText(value, path, /^(?:\\t|[^\r\n])$/, 'one character');
  return text === '\\t' ? '\t' : text;
}

/** A plain text is a constant; otherwise a column with its value map, or a template. */
export function textRule(value: unknown, path: string): TextRule {
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

export const columnName = (value: unknown, path: string): string => asText(value, path, /./, 'the name of a column');

function templateParts(template: string): TemplatePart[] {
  return template.split(/(\{[^{}]+\})/).filter((part) => part !== '')
    .map((part) => (/^\{.+\}$/.test(part) ? { column: part.slice(1, -1) } : { text: part }));
}
