import 'reflect-metadata';
import { Config, loadConfig } from '../platform/config';
import { dispatch } from './dispatch';

/** What a shell shows for a program that SIGPIPE ended: 128 + 13. */
const BROKEN_PIPE = 141;

let config: Config | undefined;

/** A reader that has seen enough, as in `tributary audit | head`, ends the command in silence, by the code of a broken pipe. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(BROKEN_PIPE);
});

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
