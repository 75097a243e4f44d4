import { compareRecords, ComparisonReport, ComparisonTotal } from '../charging';
import { StartupError } from '../platform/config';
import { Command, CommandArgs, UsageError } from './command';
import { withRooms } from './rooms';

/** Tells what the records that were imported say beside what was charged online. Names no subscriber. */
export const command: Command = {
  name: 'usage compare',
  summary: 'Compare records (CDRs) with what was charged online; docs/import.md tells how they come in.',
  usage: '--tenant CODE [--source NAME] [--from INSTANT] [--until INSTANT]',
  options: {
    tenant: { type: 'string', placeholder: 'CODE', description: 'Whose records.' },
    source: { type: 'string', placeholder: 'NAME', description: 'Only records of this source.' },
    from: { type: 'string', placeholder: 'INSTANT', description: 'Only usage that began from here, RFC 3339.' },
    until: { type: 'string', placeholder: 'INSTANT', description: 'Only usage that began before here, RFC 3339.' },
  },
  async run(args, io) {
    const code = args.text('tenant');
    if (!code) throw new UsageError('--tenant is required.');
    const scope = { source: args.text('source') ?? null, from: instantOf(args, 'from'), until: instantOf(args, 'until') };
    const report = await withRooms(io.config(), async ({ pool, tenants }) => {
      const tenant = await tenants.findByCode(code);
      if (!tenant) throw new StartupError(`There is no tenant with the code "${code}".`);
      return compareRecords(pool, { tenantId: tenant.id, ...scope });
    });
    if (args.json) io.out(JSON.stringify(report));
    else linesOf(report).forEach((line) => io.out(line));
    return 0;
  },
};

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function instantOf(args: CommandArgs, name: string): string | null {
  const text = args.text(name);
  if (text === undefined) return null;
  if (!INSTANT.test(text) || Number.isNaN(Date.parse(text))) throw new UsageError(`--${name} is an instant such as 2026-11-01T00:00:00Z.`);
  return text;
}

function linesOf({ totals, largest }: ComparisonReport): string[] {
  if (totals.length === 0) return ['No records were compared.'];
  const differences = largest.map(({ chargingId, source, unit, startedAt, onlineQuantity, chargedQuantity, recordQuantity, difference }) =>
    `  ${chargingId} of ${source}, ${startedAt.toISOString()}: ${onlineQuantity} online, ${chargedQuantity} charged as records, ${recordQuantity} recorded: `
      + `${difference} ${unit}`);
  return [...totals.flatMap(totalLines), ...(differences.length === 0 ? [] : ['The largest differences, charged less recorded:', ...differences])];
}

const line = (what: string, value: number | string): string => `  ${what.padEnd(40)}${value}`;

function totalLines(total: ComparisonTotal): string[] {
  const { unit } = total;
  return [
    `${total.comparisons} charging ids, ${unit}`,
    line('equal', total.equal),
    line('more charged than recorded', `${total.chargedMore}, by ${total.chargedMoreBy} ${unit}`),
    line('more recorded than charged', `${total.recordedMore}, by ${total.recordedMoreBy} ${unit}`),
    line('charged online', `${total.onlineQuantity} ${unit} in ${total.onlineUsages} usages`),
    line('recorded', `${total.recordQuantity} ${unit} in ${total.records} records`),
    line('charged as records: unknown online', `${total.chargedQuantity} ${unit} in ${total.chargedRecords} records`),
  ];
}
