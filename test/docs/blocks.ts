import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One fenced block of a document, with its number of the line on which it begins. */
export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

/** One operation of a document: whose token it needs, and the variables of the JSON block that follows it. */
export interface DocumentedOperation {
  readonly title: string;
  readonly identity: string;
  readonly query: string;
  /** JSON text; undefined where no JSON block follows. */
  readonly variables: string | undefined;
}

const FENCE = /^```(\w*)\n([^]*?)^```$/gm;

/** The fenced blocks of a document of the project, in their order. */
export function blocksOf(path: string): readonly Block[] {
  const text = readFileSync(join(__dirname, '..', '..', path), 'utf8');
  return [...text.matchAll(FENCE)].map(({ 1: language, 2: body, index }) => (
    { language, text: body, line: text.slice(0, index).split('\n').length }));
}

/** The `graphql` blocks of a document, each of which begins by `# token: IDENTITY`. */
export function operationsOf(path: string): readonly DocumentedOperation[] {
  const blocks = blocksOf(path);
  return blocks.flatMap(({ language, text, line }, at) => {
    if (language !== 'graphql') return [];
    const identity = /^# token: (\S+)\n/.exec(text)?.[1];
    if (identity === undefined) throw new Error(`${path}:${line} does not say whose token the operation needs.`);
    const name = /^(?:query|mutation|subscription) (\w+)/m.exec(text)?.[1] ?? `of line ${line}`;
    const following = blocks.at(at + 1);
    return [{ title: `${path} ${name}`, identity, query: text, variables: following?.language === 'json' ? following.text : undefined }];
  });
}
