import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];

/** Targets of a document's links inside the project, without those to the world outside. */
const targetsOf = (path: string): readonly string[] =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter((target) => !/^\w+:/.test(target));

/** The anchor that a heading gets: small letters, blanks as dashes, nothing else. */
const anchorsOf = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));

it.each(documents)('%s links to what is there', (path) => {
  for (const target of targetsOf(path)) {
    const [file, anchor] = target.split('#');
    const found = join(ROOT, dirname(path), file === '' ? path.split('/').slice(-1)[0] : file);
    expect([target, existsSync(found)]).toEqual([target, true]);
    if (anchor !== undefined) expect([target, anchorsOf(found)]).toEqual([target, expect.arrayContaining([anchor])]);
  }
});
