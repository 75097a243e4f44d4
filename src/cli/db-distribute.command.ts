import { DistributionOutcome, DistributionStep, distribute } from '../platform/db/distribute';
import { openDatabase } from '../platform/embedded';
import type { Command, CommandArgs, CommandIo } from './command';

const SENTENCES = {
  NO_EXTENSION: 'The database has no extension citus: nothing was changed. Spreading needs a Citus cluster, see docs/scale-out.md.',
  NO_COORDINATOR: 'The coordinator is not in its cluster\'s list of machines: nothing was changed. Run "select '
    + 'citus_set_coordinator_host(\'its address\')" first.',
} as const;

/** Spreads the tables over a Citus cluster: exit code 0 where they are spread now or were before, 1 where nothing could be done. */
export const command: Command = {
  name: 'db distribute',
  summary: 'Spread the tables over the machines of a Citus cluster.',
  usage: '',
  options: {},
  async run(args, io) {
    const database = await openDatabase(io.config());
    try {
      const outcome = await distribute(database.ownerUrl);
      report(args, io, outcome);
      return outcome.kind === 'DONE' ? 0 : 1;
    } finally {
      await database.close();
    }
  },
};

function report(args: CommandArgs, io: CommandIo, outcome: DistributionOutcome): void {
  if (args.json) return io.out(JSON.stringify(outcome));
  if (outcome.kind !== 'DONE') return io.err(SENTENCES[outcome.kind]);
  for (const step of outcome.steps) io.out(sentenceOf(step));
  io.out(outcome.steps.length === 0 ? 'Every table is spread already: nothing was changed.' : 'Every table is spread. Restart the nodes.');
}

function sentenceOf({ table, action, detail }: DistributionStep): string {
  if (action === 'LOGIN') return `role ${detail}: may log in, so that the machines can ask each other as it`;
  if (action === 'COPIED') return `${table}: copied to every machine`;
  return action === 'SPREAD' ? `${table}: spread by ${detail}` : `${table}: foreign key ${detail} left out, invariants check it`;
}
