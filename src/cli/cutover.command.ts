import { resolve } from 'node:path';
import { StartupError } from '../platform/config';
import { CutoverFile, CutoverStopped, openCutoverFile, readControl } from '../cutover';
import { ImportError, isConnectionLost } from '../usage/import';
import { Command, CommandArgs, UsageError } from './command';
import { cutOver, cutoverLines, isComplete } from './cutover';
import { withRooms } from './rooms';

/** Brings what each account has in another system; safe to run again, beside servers, and after a kill. */
export const command: Command = {
  name: 'cutover',
  summary: 'Bring balances, counters, debts and running products from another system; docs/operations.md shows the files.',
  usage: 'FILE... --tenant CODE',
  options: {
    tenant: { type: 'string', placeholder: 'CODE', description: 'Tenant whose accounts these are.' },
    'dry-run': { type: 'boolean', description: 'Judge every row and add up; store nothing.' },
    control: { type: 'string', placeholder: 'FILE', description: 'Totals that the old system states: kind, asset, count, sum.' },
    rejects: { type: 'string', placeholder: 'FILE', description: 'Where rejected rows of one file go; FILE.rejects.csv or .jsonl by default.' },
  },
  async run(args, io) {
    const paths = requireFiles(args);
    const tenantCode = args.text('tenant') ?? '';
    if (tenantCode === '') throw new UsageError('--tenant is required.');
    try {
      const control = args.text('control') === undefined ? null : await readControl(args.text('control')!);
      const files: CutoverFile[] = [];
      for (const path of paths) files.push(await openCutoverFile(path));
      const summary = await withRooms(io.config(), async (rooms) => {
        const tenant = await rooms.tenants.findByCode(tenantCode);
        if (!tenant) throw new StartupError(`There is no tenant with the code "${tenantCode}".`);
        return cutOver({
          rooms, tenant, files, control, isDryRun: args.flag('dry-run'),
          rejectsPath: ({ path, format }) => args.text('rejects') ?? `${path}.rejects.${format}`, showsProgress: io.isTerminal && !args.json,
        });
      });
      if (args.json) io.out(JSON.stringify(summary));
      else cutoverLines(summary).forEach((line) => io.out(line));
      return isComplete(summary) ? 0 : 1;
    } catch (error) {
      io.err(complaintOf(error));
      return 1;
    }
  },
};

function requireFiles(args: CommandArgs): readonly string[] {
  const { positionals } = args;
  const rejects = args.text('rejects');
  if (positionals.length === 0) throw new UsageError('Name at least one file.');
  if (new Set(positionals.map((path) => resolve(path))).size !== positionals.length) throw new UsageError('A file is named twice.');
  if (rejects === undefined) return positionals;
  if (positionals.length > 1) throw new UsageError('--rejects is for one file; several have one each beside them.');
  const read = [...positionals, ...(args.text('control') === undefined ? [] : [args.text('control')!])];
  if (read.some((path) => resolve(path) === resolve(rejects))) throw new UsageError('--rejects must name another file than those that are read.');
  return positionals;
}

/** One sentence for what an operator can mend; anything else is a fault of the product and goes on. */
function complaintOf(error: unknown): string {
  if (error instanceof ImportError || error instanceof CutoverStopped) return error.message;
  if (!isConnectionLost(error)) throw error;
  return 'The database went away. What is brought stays; run the same command again to go on.';
}
