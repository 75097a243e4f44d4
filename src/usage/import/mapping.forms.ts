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
