import { wholeList, Page } from './answers';
import type { LineRead, StatementRead } from './reconciliation';

interface Money { readonly amount: string; readonly currency?: string }

/** A bill as finance reads it. */
export interface BillRead {
  readonly account: string;
  readonly id: string;
  readonly documentNumber: string;
  readonly period: { readonly from: string; readonly until: string };
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  readonly amountDue: Money;
  readonly lines: Page<LineRead>;
}

const WIDTH = 58;
const row = (left: string, right: string): string => `  ${left.padEnd(WIDTH)}${right.padStart(10)}`;

/** A bill in a few lines. */
export function billLines(bill: BillRead & { readonly pdf: { readonly file: string; readonly bytes: number } }): readonly string[] {
  const { documentNumber, account, period, net, tax, total, amountDue, lines, pdf } = bill;
  return [
    `${documentNumber}  ${account}, ${period.from} until ${period.until}`,
    ...wholeList(lines).map(({ description, amount }) => row(description, amount.amount)),
    row(`net ${net.amount}, tax ${tax.amount}, total`, total.amount),
    row('to be paid', amountDue.amount),
    `  ${pdf.file} (${pdf.bytes} bytes)`,
  ];
}

/** A partner's statement in a few lines. */
export function statementLines(statement: StatementRead): readonly string[] {
  const { partner, number, period, lines, payable } = statement;
  return [
    `statement ${number} of ${partner.name}, ${period.from} until ${period.until}`,
    ...wholeList(lines).map(({ offering, kind, percent, count, basis, share }) =>
      row(`${offering.name}, ${kind.toLowerCase().replaceAll('_', ' ')}: ${percent} % of ${basis.amount.amount} (${count})`, share.amount)),
    row('payable', payable.amount),
  ];
}
