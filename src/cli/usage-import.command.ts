import { createHash } from 'node:crypto';
import { ImportInterrupted, ImportSummary, Mapping, openChecked, readMapping, summaryLines, withSource } from '../usage/import';
import { Command, CommandArgs, CommandIo, UsageError } from './command';
import { complaintOf, INTERRUPTED, mappingText, rejectsOf, requireOneFile, requireText, stopSignal, tenantOf } from './import-command';
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
    const file = requireOneFile(args, 'import');
    const mappingFile = requireText(args, 'mapping');
    const tenantCode = requireText(args, 'tenant');
    const isHistorical = args.flag('historical');
    const reason = args.text('reason')?.trim() ?? '';
    if (isHistorical !== (reason !== '')) throw new UsageError('--historical needs --reason, and --reason is for --historical.');
    const rejects = rejectsOf(args, [file, mappingFile]);
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
      io.err(complaintOf(error, 'What is charged stays'));
      return error instanceof ImportInterrupted ? INTERRUPTED : 1;
    }
  },
};

/** The mapping, with its SHA-256: another mapping of the same file is another import. */
async function loadMapping(file: string, source: string | undefined): Promise<{ mapping: Mapping; hash: Buffer }> {
  const text = await mappingText(file);
  const mapping = readMapping(text, file);
  return { mapping: source === undefined ? mapping : withSource(mapping, source), hash: createHash('sha256').update(text).digest() };
}

function tell(summary: ImportSummary, args: CommandArgs, io: CommandIo): void {
  if (args.json) io.out(JSON.stringify(summary));
  else summaryLines(summary).forEach((line) => io.out(line));
}
