import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { runProgress } from '../invoicing';
import { StartupError } from '../platform/config';
import { Refusal } from '../platform/errors';
import { Command, CommandArgs, UsageError } from './command';
import { withRooms } from './rooms';

const LOOK_MS = 1_000;

/** Bills the periods that end on a day, and tells how far it is; interrupted, the same command goes on where it was. */
export const command: Command = {
  name: 'bill run',
  summary: 'Bill the periods that end on a day; run again, it changes nothing.',
  usage: '--tenant CODE --cycle-end DATE [--key KEY]',
  options: {
    tenant: { type: 'string', placeholder: 'CODE', description: 'Whose accounts.' },
    'cycle-end': { type: 'string', placeholder: 'DATE', description: 'Local day on which the periods ended, such as 2026-12-01.' },
    key: { type: 'string', placeholder: 'KEY', description: 'Takes up the run with this key again; a new run unless given.' },
  },
  async run(args, io) {
    const [tenantCode, cycleEnd] = [required(args, 'tenant'), required(args, 'cycle-end')];
    if (!/^\d{4}-\d{2}-\d{2}$/.test(cycleEnd)) throw new UsageError('--cycle-end is a day such as 2026-12-01.');
    const result = await withRooms(io.config(), async (rooms) => {
      const tenant = await rooms.tenants.findByCode(tenantCode);
      if (!tenant) throw new StartupError(`There is no tenant with the code "${tenantCode}".`);
      const startedAt = performance.now();
      const actor = { tenantId: tenant.id, subject: `command:${userInfo().username}`, role: 'OPERATOR', requestId: randomUUID() };
      try {
        const run = await rooms.billRuns.start(actor, cycleEnd, args.text('key') ?? `command-${randomUUID()}`);
        const timer = setInterval(() => { void runProgress(rooms.pool, run.id).then(({ done, issued }) => io.err(`${done} accounts, ${issued} documents issued`), () => undefined); }, LOOK_MS);
        await rooms.billRuns.finished(run.id).finally(() => clearInterval(timer));
        return { ...await runProgress(rooms.pool, run.id), seconds: (performance.now() - startedAt) / 1000 };
      } catch (error) {
        if (error instanceof Refusal) throw new StartupError(error.userError.message);
        throw error;
      }
    });
    const { accounts, bills, issued, failed, seconds } = result;
    io.out(args.json ? JSON.stringify(result) : `${accounts} accounts, ${bills} bills, ${issued} issued, ${failed} failed, ${seconds.toFixed(1)} s`);
    return failed === 0 && issued === bills ? 0 : 1;
  },
};

function required(args: CommandArgs, name: string): string {
  const value = args.text(name);
  if (!value) throw new UsageError(`--${name} is required.`);
  return value;
}
