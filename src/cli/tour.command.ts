import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { firstSignal, npmGone, StopStack } from '../platform/process';
import { SILENT, takeTour, teller, TourFailed, Unexpected } from '../tour';
import { Command, CommandArgs, CommandIo } from './command';
import { ownFolder, startHost, tourConfig } from './tour-host';

/** The exit code of a program that a signal ended: 128 + 2. */
const STOPPED = 130;

/** Tells the story of examples/ on a fresh database, and takes everything away again. */
export const command: Command = {
  name: 'tour',
  summary: 'Tell the story of examples/ on a fresh database, from an empty catalog to reconciled books.',
  usage: '',
  options: {
    keep: { type: 'boolean', description: 'Let the server run when the tour is over, for GraphiQL; Ctrl-C ends it.' },
    out: { type: 'string', placeholder: 'FOLDER', description: 'Where the bills\' PDFs stay; else they go with the tour.' },
  },
  async run(args, io) {
    const stack = new StopStack();
    const stop = new AbortController();
    const asked = Promise.race([firstSignal(), npmGone()]).then(() => stop.abort());
    try {
      await visit(args, io, stack, stop.signal);
      if (args.flag('keep')) await asked;
      return 0;
    } catch (error) {
      if (stop.signal.aborted) return STOPPED;
      if (!(error instanceof TourFailed || error instanceof Unexpected)) throw error;
      io.err(io.isTerminal ? `\u001b[31m${error.message}\u001b[0m` : error.message);
      return 1;
    } finally {
      await stack.stop();
    }
  },
};

async function visit(args: CommandArgs, io: CommandIo, stack: StopStack, stop: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const passed = (): number => Math.round(performance.now() - startedAt);
  const say = args.json ? SILENT : teller((line) => io.out(line), io.isTerminal);
  const folder = await ownFolder(stack);
  const config = tourConfig(io.config(), folder, args.flag('keep'));
  const bills = resolve(args.text('out') ?? join(folder, 'bills'));
  await mkdir(bills, { recursive: true });
  const host = await startHost(config, stack, bills);
  const { address } = host;
  say.step('', `a server on a fresh database, with a tenant of no customers: ${address}`, passed());
  const { result, tokens } = await takeTour(host, say, stop);
  const kept = args.flag('keep') ? { address, tokens } : {};
  if (args.json) io.out(JSON.stringify({ ...result, ms: passed(), ...kept }));
  else [...closing(result.operations, passed()), ...(args.flag('keep') ? invitation(address, tokens) : [])].forEach((line) => io.out(line));
}

const closing = (operations: number, ms: number): readonly string[] => ['', `${operations} operations in ${ms} ms; each stands in examples/.`];

const invitation = (address: string, tokens: Readonly<Record<string, string>>): readonly string[] => [
  '', ...Object.entries(tokens).map(([name, token]) => `${name}\n  ${token}`),
  '', `Go on in a browser: ${address}/graphql, with one of these tokens (12 hours). Ctrl-C ends it all.`,
];
