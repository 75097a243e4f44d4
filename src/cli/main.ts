import 'reflect-metadata';
import { Config, loadConfig } from '../platform/config';
import { dispatch } from './dispatch';

let config: Config | undefined;

/** Entry of the `tributary` command line; bin/tributary.js compiles the sources where needed and runs this. */
async function main(): Promise<void> {
  process.exitCode = await dispatch(process.argv.slice(2), {
    out: (line) => { process.stdout.write(`${line}\n`); },
    err: (line) => { process.stderr.write(`${line}\n`); },
    isTerminal: process.stderr.isTTY === true,
    config: () => (config ??= loadConfig(process.env)),
  });
}

void main();
