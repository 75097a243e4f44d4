import type { MigratedLine, MigrationKind } from '../charging';
import { normaliseIdentifier } from '../party';
import { decodeNumericId } from '../platform/graphql';
import { isCurrency, parseAmount, UNITS, Unit } from '../platform/money';
import { AccountRef, Column, CutoverRow, DATE_COLUMNS, OPTIONAL_COLUMNS } from './row.types';

/** Why a row cannot be brought; `column` says where. */
export class RowFault extends Error {
  constructor(readonly code: string, message: string, readonly column: string) {
    super(message);
  }
}

type Texts = Readonly<Partial<Record<Column, string>>>;

/** What a kind says beside its account: what it must, and what it may. Anything else in the row is a mistake. */
const FIELDS: Readonly<Record<MigrationKind, { readonly must: readonly Column[]; readonly may: readonly Column[] }>> = {
  MONEY: { must: ['amount', 'currency'], may: ['validUntil'] },
  PROMOTION: { must: ['amount', 'currency'], may: ['validFrom', 'validUntil'] },
  UNITS: { must: ['quantity', 'unit', 'offering', 'allowance'], may: ['line', 'validFrom', 'validUntil'] },
  COUNTER: { must: ['quantity', 'unit', 'offering', 'price'], may: ['line', 'amount', 'events'] },
  SPEND: { must: ['amount', 'currency'], may: ['events'] },
  UNBILLED: { must: ['amount', 'currency'], may: [] },
  RECEIVABLE: { must: ['amount', 'currency'], may: [] },
  PRODUCT: { must: ['offering', 'startedAt'], may: ['billedUntil', 'contractEndsAt', 'identifiers', 'line'] },
};
const ACCOUNT: readonly Column[] = ['account', 'customer', 'accountName'];
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;
const WHOLE = /^\d{1,18}$/;
const KINDS = ['MSISDN', 'IMSI', 'SIP_URI', 'DEVICE_ID', 'LINE_ID', 'ICCID'] as const;

/** Reads one row. Texts keep what was written: nothing is rounded or guessed. @throws RowFault */
export function readRow(texts: Texts): CutoverRow {
  const kind = kindOf(texts.kind ?? '');
  const { must, may } = FIELDS[kind];
  for (const column of must) if (!texts[column]) throw new RowFault('INVALID_INPUT', `A row of kind ${kind} needs ${column}.`, column);
  for (const column of OPTIONAL_COLUMNS) {
    if (texts[column] && ![...must, ...may, ...ACCOUNT].includes(column)) throw new RowFault('INVALID_INPUT', `A row of kind ${kind} has no ${column}.`, column);
  }
  const key = texts.key ?? '';
  if (!KEY.test(key)) throw new RowFault('INVALID_INPUT', 'The key is 1 to 100 printable characters of ASCII.', 'key');
  return {
    kind, key, account: accountOf(texts), amount: texts.amount ? moneyOf(texts.amount) : null, currency: texts.currency ? currencyOf(texts.currency) : null,
    quantity: texts.quantity ? wholeOf(texts.quantity, 'quantity') : null, unit: texts.unit ? unitOf(texts.unit) : null,
    events: texts.events ? wholeOf(texts.events, 'events') : 0n, offering: texts.offering || null, allowance: texts.allowance || null,
    price: texts.price || null, line: texts.line ? identifierOf(texts.line, 'line') : null,
    identifiers: (texts.identifiers ?? '').split(/\s+/).filter(Boolean).map((text) => identifierOf(text, 'identifiers')),
    dates: Object.fromEntries(DATE_COLUMNS.map((column) => [column, texts[column] ?? ''])) as CutoverRow['dates'],
  };
}

function kindOf(text: string): MigrationKind {
  if (Object.hasOwn(FIELDS, text)) return text as MigrationKind;
  throw new RowFault('INVALID_INPUT', `The kind is one of ${Object.keys(FIELDS).join(', ')}.`, 'kind');
}

function accountOf({ account, customer, accountName }: Texts): AccountRef {
  if (account && !customer && !accountName) {
    const id = decodeNumericId(account, 'BillingAccount');
    if (id === null) throw new RowFault('NOT_FOUND', 'No such account.', 'account');
    return { kind: 'ID', id };
  }
  if (account || !customer) throw new RowFault('INVALID_INPUT', 'A row names its account by account, or by customer with accountName.', 'account');
  return { kind: 'NAME', customer, name: accountName || null };
}

function moneyOf(text: string): NonNullable<CutoverRow['amount']> {
  const value = parseAmount(text);
  if (value === null || value >= 10n ** 18n || value <= -(10n ** 18n)) {
    throw new RowFault('INVALID_INPUT', 'An amount is a decimal such as 12.50, of at most six decimals and twelve digits before them.', 'amount');
  }
  return value;
}

function currencyOf(text: string): string {
  if (isCurrency(text)) return text;
  throw new RowFault('INVALID_INPUT', 'The currency is a code of ISO 4217, such as EUR.', 'currency');
}

function wholeOf(text: string, column: Column): bigint {
  if (WHOLE.test(text)) return BigInt(text);
  throw new RowFault('INVALID_INPUT', `${column} is a whole number of at most 18 digits.`, column);
}

function unitOf(text: string): Unit {
  const unit = UNITS.find((known) => known === text);
  if (unit) return unit;
  throw new RowFault('INVALID_INPUT', `The unit is one of ${UNITS.join(', ')}.`, 'unit');
}

/** `353860000001` is an MSISDN; another kind stands before a colon, as in `IMSI:272011234567890`. */
function identifierOf(text: string, column: Column): MigratedLine {
  const kind = KINDS.find((known) => text.startsWith(`${known}:`)) ?? 'MSISDN';
  const value = normaliseIdentifier(kind, text.startsWith(`${kind}:`) ? text.slice(kind.length + 1) : text);
  if (value !== null) return { kind, value };
  throw new RowFault('INVALID_INPUT', `"${text}" is no identifier: a number with its country code, or KIND:VALUE.`, column);
}
