import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StartupError } from '../platform/config';
import { sampleLines } from '../usage/import/sample/sample.rules';
import { Command, CommandArgs, UsageError } from './command';

/** Writes a made-up usage log; the same numbers give the same file everywhere. */
export const command: Command = {
  name: 'usage generate',
  summary: 'Write a made-up usage log to try imports with.',
  usage: '--rows N --seed N --out FILE',
  options: {
    rows: { type: 'string', placeholder: 'N', description: 'Rows after the header, up to 100,000,000.' },
    seed: { type: 'string', placeholder: 'N', description: 'The same seed gives the same file.' },
    subscribers: { type: 'string', placeholder: 'N', description: 'Spread over so many subscribers, in a column of their own; 1 by default.' },
    out: { type: 'string', placeholder: 'FILE', description: 'File to write.' },
  },
  async run(args, io) {
    const out = args.text('out');
    if (!out) throw new UsageError('--out is required.');
    const form = {
      rows: wholeOf(args, 'rows', 0, 100_000_000), seed: wholeOf(args, 'seed', 0, 4_294_967_295),
      subscribers: wholeOf(args, 'subscribers', 1, 700_000, '1'),
    };
    try {
      await pipeline(Readable.from(blocks(sampleLines(form))), createWriteStream(out));
    } catch (error) {
      if (!['ENOENT', 'EACCES', 'EISDIR', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      throw new StartupError(`The file ${out} cannot be written (${(error as Error).message}): name another one by --out.`);
    }
    io.out(args.json ? JSON.stringify({ file: out, ...form }) : `${form.rows} rows were written to ${out}.`);
    return 0;
  },
};

function wholeOf(args: CommandArgs, name: string, least: number, most: number, unset?: string): number {
  const text = args.text(name) ?? unset;
  const value = text !== undefined && /^\d{1,10}$/.test(text) ? +text : Number.NaN;
  if (!(value >= least && value <= most)) throw new UsageError(`--${name} must be a whole number from ${least} to ${most}.`);
  return value;
}

const BLOCK_LINES = 1_000;

/** Lines in blocks, because a stream pays for each piece. */
function* blocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line, '\n');
    if (block.length < 2 * BLOCK_LINES) continue;
    yield block.join('');
    block = [];
  }
  yield block.join('');
}
