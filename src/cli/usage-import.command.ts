import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StartupError } from '../platform/config';
import { firstSignal } from '../platform/process';
import type { Rooms } from '../services';
import type { Tenant } from '../tenant';
import {
  ImportError, ImportInterrupted, ImportStopped, ImportSummary, isConnectionLost, Mapping, openChecked, readMapping, summaryLines, withSource,
} from '../usage/import';
import { Command, CommandArgs, CommandIo, UsageError } from './command';
import { withRooms } from './rooms';
import { importFile } from './usage-import';

/** Imports usages from a file into the running database; safe to run again, beside servers, and after a kill. */
export const command: Command = {
  name: 'usage import',
  summary: 'Charge the usages of a CSV or JSON-lines file by a mapping; docs/import.md shows mappings.',
  usage: 'FILE --mapping FILE --tenant CODE',
  options: {
    mapping: { type: 'string', placeholder: 'FILE', description: 'Mapping of the columns, in YAML.' },
    tenant: { type: 'string', placeholder: 'CODE', description: 'Tenant whose usages these are.' },
    source: { type: 'string', placeholder: 'NAME', description: 'Source of the usages, instead of the mapping\'s: ids count within it.' },
    historical: { type: 'boolean', description: 'Take usages however old; named, audited, needs --reason.' },
    reason: { type: 'string', placeholder: 'TEXT', description: 'Why old usages are imported, for the audit log.' },
    'dry-run': { type: 'boolean', description: 'Validate, guide and rate in memory; store nothing.' },
    rejects: { type: 'string', placeholder: 'FILE', description: 'Where rejected rows go; FILE.rejects.csv or .jsonl by default.' },
  },
  async run(args, io) {
    const stop = stopSignal();
    const file = requirePositional(args);
    const mappingFile = requireText(args, 'mapping');
    const tenantCode = requireText(args, 'tenant');
    const isHistorical = args.flag('historical');
    const reason = args.text('reason')?.trim() ?? '';
    if (isHistorical !== (reason !== '')) throw new UsageError('--historical needs --reason, and --reason is for --historical.');
    // The rejects file is made anew: it must not take the place of what is read.
    const rejects = args.text('rejects');
    if (rejects !== undefined && [file, mappingFile].some((read) => resolve(read) === resolve(rejects))) {
      throw new UsageError('--rejects must name another file than those that are read.');
    }
    try {
      const { mapping, hash } = await loadMapping(mappingFile, args.text('source'));
      const checked = await openChecked(file, mapping, stop);
      const summary = await withRooms(io.config(), async (rooms) => importFile({
        rooms, tenant: await tenantOf(rooms, tenantCode), file, checked, mapping, mappingHash: hash,
        historicalReason: isHistorical ? reason : null, isDryRun: args.flag('dry-run'),
        rejectsPath: rejects ?? `${file}.rejects.${checked.format}`, showsProgress: io.isTerminal && !args.json, stop,
      }));
      tell(summary, args, io);
      return 0;
    } catch (error) {
      io.err(complaintOf(error));
      return error instanceof ImportInterrupted ? INTERRUPTED : 1;
    }
  },
};

/** What a shell shows for a program that Ctrl-C ended: 128 + 2. */
const INTERRUPTED = 130;

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  void firstSignal().then(() => stop.abort());
  return stop.signal;
}

/** One sentence for what an operator can mend; anything else is a fault of the product and goes on. */
function complaintOf(error: unknown): string {
  if (error instanceof ImportError || error instanceof ImportStopped) return error.message;
  if (!isConnectionLost(error)) throw error;
  return 'The database went away. What is charged stays; run the same command again to go on.';
}

function requirePositional({ positionals }: CommandArgs): string {
  if (positionals.length !== 1) throw new UsageError('Name one file to import.');
  return positionals[0];
}

function requireText(args: CommandArgs, name: string): string {
  const text = args.text(name);
  if (text === undefined || text === '') throw new UsageError(`--${name} is required.`);
  return text;
}

/** The mapping, with its SHA-256: another mapping of the same file is another import. */
async function loadMapping(file: string, source: string | undefined): Promise<{ mapping: Mapping; hash: Buffer }> {
  const text = await readFile(resolve(file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'EISDIR', 'EACCES'].includes(error.code ?? '')) throw error;
    throw new ImportError({ file }, 'there is no such mapping file that can be read.');
  });
  const mapping = readMapping(text, file);
  return { mapping: source === undefined ? mapping : withSource(mapping, source), hash: createHash('sha256').update(text).digest() };
}

async function tenantOf({ tenants }: Rooms, code: string): Promise<Tenant> {
  const tenant = await tenants.findByCode(code);
  if (!tenant) throw new StartupError(`There is no tenant with the code "${code}"; the demo's are made at the first start.`);
  return tenant;
}

function tell(summary: ImportSummary, args: CommandArgs, io: CommandIo): void {
  if (args.json) io.out(JSON.stringify(summary));
  else summaryLines(summary).forEach((line) => io.out(line));
}
