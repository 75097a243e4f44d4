import type { Invariant, Violation } from '../audit';
import { checkBooks } from '../charging';
import { createPool } from '../platform/db';
import { openDatabase } from '../platform/embedded';
import { Command, CommandArgs, CommandIo, UsageError } from './command';

/** Checks the invariants of invariants.sql: exit code 0 where the books are sound, 1 where a row breaks one. */
export const command: Command = {
  name: 'audit',
  summary: 'Check that the books are sound: every invariant of invariants.sql.',
  usage: '[--shard N] [--since INSTANT]',
  options: {
    shard: { type: 'string', placeholder: 'N', description: 'Only this shard, 0 to 4095; checks over all shards are left out.' },
    since: { type: 'string', placeholder: 'INSTANT', description: 'Only what changed since, RFC 3339; default: everything.' },
  },
  async run(args, io) {
    const scope = scopeOf(args);
    const database = await openDatabase(io.config());
    const pool = createPool({ url: database.appUrl, setRole: database.setRole, max: 1, name: 'tributary audit' });
    try {
      const violations = await checkBooks(pool, scope, (invariant, found, ms) => report(args, io, invariant, found, ms));
      if (!args.json) io.out(violations.length === 0 ? 'The books are sound.' : `${violations.length} violations (at most 20 an invariant are listed).`);
      return violations.length === 0 ? 0 : 1;
    } finally {
      await pool.end();
      await database.close();
    }
  },
};

function scopeOf(args: CommandArgs): { shard: number | null; since: string | null } {
  const [shard, since] = [args.text('shard'), args.text('since')];
  if (shard !== undefined && !(/^\d{1,4}$/.test(shard) && +shard < 4096)) throw new UsageError('--shard is a whole number from 0 to 4095.');
  if (since !== undefined && Number.isNaN(Date.parse(since))) throw new UsageError('--since is an instant such as 2026-11-01T00:00:00Z.');
  return { shard: shard === undefined ? null : +shard, since: since ?? null };
}

function report(args: CommandArgs, io: CommandIo, invariant: Invariant, found: readonly Violation[], ms: number): void {
  if (args.json) {
    io.out(JSON.stringify({ invariant: invariant.number, promise: invariant.promise, violations: found, ms: Math.round(ms) }));
    return;
  }
  io.out(`${found.length === 0 ? 'ok  ' : 'BAD '} ${invariant.number}  ${invariant.promise}  (${Math.round(ms)} ms)`);
  for (const violation of found) io.out(`       ${violation.object}: ${violation.what}`);
}
