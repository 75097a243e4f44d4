import { chargeReader, columnsOfMapping, CustomerMapping, idReader, isReconciled, readCustomerMapping, reconcile, Reconciled, ReconciledRow } from '../onboarding';
import { Amount, formatAmount } from '../platform/money';
import { ImportError, openWhole } from '../usage/import';
import { Command, UsageError } from './command';
import { complaintOf, mappingText, requireOneFile, requireText, tenantOf } from './import-command';
import { withRooms } from './rooms';
import { rowBar } from './row-bar';

const TOLD = 10;

/** Compares what a file says that customers pay with what they were billed; writes nothing. */
export const command: Command = {
  name: 'customers reconcile',
  summary: 'Compare a file\'s monthly charges with the bills of a cycle and the price list; exit code 1 where they differ.',
  usage: 'FILE --mapping FILE --tenant CODE --cycle-end DATE',
  options: {
    mapping: { type: 'string', placeholder: 'FILE', description: 'The mapping that the customers were imported by; its monthlyCharge says what is compared.' },
    tenant: { type: 'string', placeholder: 'CODE', description: 'Whose customers.' },
    'cycle-end': { type: 'string', placeholder: 'DATE', description: 'Local day on which the billed periods ended, such as 2026-12-01.' },
  },
  async run(args, io) {
    const [file, mappingFile, tenantCode] = [requireOneFile(args, 'reconcile'), requireText(args, 'mapping'), requireText(args, 'tenant')];
    const cycleEnd = requireText(args, 'cycle-end');
    if (!/^\d{4}-\d{2}-\d{2}$/.test(cycleEnd)) throw new UsageError('--cycle-end is a day such as 2026-12-01.');
    try {
      const mapping = readCustomerMapping(await mappingText(mappingFile), mappingFile);
      const { monthlyCharge } = mapping;
      if (!monthlyCharge) throw new ImportError({ file: mappingFile }, 'there is no member "monthlyCharge" to compare with.');
      const whole = await openWhole(file, mapping, columnsOfMapping(mapping));
      const bar = rowBar(io.isTerminal && !args.json, whole.rowCount);
      const found = await withRooms(io.config(), async (rooms) => reconcile({
        pool: rooms.pool, tenantId: (await tenantOf(rooms, tenantCode)).id, file: whole, id: idReader(mapping, whole.source.columns),
        charge: chargeReader(monthlyCharge, whole.source.columns), tolerance: monthlyCharge.tolerance, accountName: mapping.account.name, cycleEnd, told: TOLD,
        progress: (rows) => bar?.update(rows),
      })).finally(() => bar?.stop());
      if (args.json) io.out(JSON.stringify(jsonOf(found, mapping, cycleEnd)));
      else linesOf(found, mapping, cycleEnd).forEach((line) => io.out(line));
      return isReconciled(found) ? 0 : 1;
    } catch (error) {
      io.err(complaintOf(error, 'Nothing was written'));
      return 1;
    }
  },
};

const texts = (money: (value: Amount) => string, { customer, file, list, billed, difference }: ReconciledRow): Record<string, string> =>
  ({ customer, file: money(file), list: money(list), billed: money(billed), difference: money(difference) });

/** The result with money as decimal texts. */
function jsonOf(found: Reconciled, { account: { currency }, monthlyCharge }: CustomerMapping, cycleEnd: string): object {
  const money = (value: Amount): string => formatAmount(value, currency);
  return {
    cycleEnd, currency, ...found, file: money(found.file), list: money(found.list), billed: money(found.billed), tolerance: money(monthlyCharge!.tolerance),
    largest: found.largest.map((row) => texts(money, row)), isReconciled: isReconciled(found),
  };
}

function linesOf(found: Reconciled, { account: { currency }, monthlyCharge }: CustomerMapping, cycleEnd: string): string[] {
  const money = (value: Amount): string => formatAmount(value, currency);
  const line = (what: string, text: string | number): string => `  ${what.padEnd(48)}${`${text}`.padStart(14)}`;
  const cells = (row: Record<string, string>): string => `  ${row.customer!.padEnd(24)}${['file', 'list', 'billed', 'difference'].map((name) => row[name]!.padStart(14)).join('')}`;
  const head = { customer: 'customer', file: 'file', list: 'list', billed: 'billed', difference: 'difference' };
  return [
    `${found.rows} rows against the bills of the cycle that ended on ${cycleEnd}, net, in ${currency}`,
    line('products billed', found.products), line('total of the file', money(found.file)), line('total of the price list', money(found.list)),
    line('total of the bills', money(found.billed)),
    line('bills that are not the list price', found.unlisted), line(`bills that differ from the file by more than ${money(monthlyCharge!.tolerance)}`, found.beyond),
    line('rows without a bill', found.unbilled),
    ...(found.unreadable > 0 ? [line('rows that cannot be read', found.unreadable)] : []), ...(found.repeated > 0 ? [line('rows of a customer that came before', found.repeated)] : []),
    ...(found.largest.length === 0 ? [] : ['Largest differences:', cells(head), ...found.largest.map((row) => cells(texts(money, row)))]),
    ...(found.faults.length === 0 ? [] : ['To look at:', ...found.faults.map(({ customer, what }) => `  ${customer} ${what}`)]),
    isReconciled(found) ? 'The bills are those of the price list, and near enough to the file.' : 'The bills do not agree.',
  ];
}
