import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../platform/config';
import { printApiSchema } from '../schema';
import type { Command } from './command';

/** Where the API's schema is committed, so that every change of it is seen in review. */
const FILE = join('schema', 'schema.graphql');

/** Prints the API's schema, sorted, to its committed file. */
export const command: Command = {
  name: 'schema print',
  summary: `Print the API's schema to ${FILE}.`,
  usage: '',
  options: { check: { type: 'boolean', description: 'Change nothing; fail where the file differs.' } },
  run(args, io) {
    const path = join(projectRoot(), FILE);
    const printed = printApiSchema();
    const isSame = existsSync(path) && readFileSync(path, 'utf8') === printed;
    if (args.json) io.out(JSON.stringify({ file: FILE, same: isSame }));
    if (args.flag('check')) {
      if (!isSame) io.err(`${FILE} differs from the code: run npm run schema and commit the file.`);
      return Promise.resolve(isSame ? 0 : 1);
    }
    if (!isSame) writeFileSync(path, printed);
    if (!args.json) io.out(isSame ? `${FILE} is up to date.` : `${FILE} was written.`);
    return Promise.resolve(0);
  },
};
