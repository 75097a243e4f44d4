import { CheckedCustomer, checkedCustomer } from '../party';
import { Refusal } from '../platform/errors';
import { Amount, parseAmount } from '../platform/money';
import { bindText, columnsOfRule, RowProblem, shortened, TextRule } from '../usage/import';
import type { CustomerMapping, ServiceRule } from './mapping.types';

/** One row as the mapping reads it. */
export interface CustomerRow {
  readonly id: string;
  readonly customer: CheckedCustomer;
  /** Codes of the offerings that the customer has, in the order of the mapping; one that stands there twice is had twice. */
  readonly offerings: readonly string[];
}

/** Reads the values of one row, in the order of the file's columns. @throws RowProblem */
export type RowReader<T> = (values: readonly string[]) => T;

/** Every column that the mapping names, once. */
export function columnsOfMapping({ customer, services, monthlyCharge }: CustomerMapping): string[] {
  const rules = [customer.id, customer.name, ...(monthlyCharge ? [monthlyCharge.charge] : [])];
  return [...new Set([...rules.flatMap(columnsOfRule), ...services.map(({ column }) => column)])];
}

/** Every code that a value of the mapping means, once. */
export const codesOfMapping = ({ services }: CustomerMapping): string[] => [...new Set(services.flatMap(({ values }) => [...values.values()].flat()))];

/** Binds a mapping to the columns of a file, which must be there. */
export function customerReader(mapping: CustomerMapping, columns: readonly string[]): RowReader<CustomerRow> {
  const [readId, name] = [idReader(mapping, columns), bindText(mapping.customer.name, columns)];
  const services = mapping.services.map((rule) => bindService(rule, columns));
  const { kind, segment } = mapping.customer;
  const account = { ...mapping.account, creditLimit: creditLimitOf(mapping.account) };
  return (values) => {
    const id = readId(values);
    const offerings = services.flatMap((service) => service(values));
    return { id, offerings, customer: fitting(mapping, () => checkedCustomer({ kind, segment, externalId: id, name: name(values), account })) };
  };
}

/** Reads the customer's id alone. */
export function idReader({ customer }: CustomerMapping, columns: readonly string[]): RowReader<string> {
  const id = bindText(customer.id, columns);
  const column = columnOf(customer.id);
  return (values) => {
    const text = id(values);
    if (text === '') throw new RowProblem('MISSING_VALUE', 'The row names no customer.', column);
    return text;
  };
}

/** Reads what the file says that the customer pays a month. */
export function chargeReader(rule: NonNullable<CustomerMapping['monthlyCharge']>, columns: readonly string[]): RowReader<Amount> {
  const charge = bindText(rule.charge, columns);
  return (values) => {
    const text = charge(values);
    const money = parseAmount(text);
    if (money !== null) return money;
    throw new RowProblem(text === '' ? 'MISSING_VALUE' : 'INVALID_VALUE', `"${shortened(text)}" is no money such as 29.85.`, columnOf(rule.charge));
  };
}

function bindService({ column, values: meanings }: ServiceRule, columns: readonly string[]): RowReader<readonly string[]> {
  const index = columns.indexOf(column);
  return (values) => {
    const found = meanings.get(values[index]!);
    if (found) return found;
    throw new RowProblem('UNKNOWN_VALUE', `Column "${column}" has the value "${shortened(values[index]!)}", which the mapping does not know; `
      + `it knows ${[...meanings.keys()].map((value) => `"${value}"`).join(', ')}.`, column);
  };
}

/** What the party room does not take as a customer is a fault of the row, told by the column that it came from. */
function fitting(mapping: CustomerMapping, check: () => CheckedCustomer): CheckedCustomer {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, path } = error.userError;
    throw new RowProblem('INVALID_VALUE', message, columnOf(path[0] === 'externalId' ? mapping.customer.id : mapping.customer.name));
  }
}

/** The first column that a rule reads. */
const columnOf = (rule: TextRule): string => columnsOfRule(rule)[0] ?? '';

function creditLimitOf({ creditLimit, currency }: CustomerMapping['account']): Parameters<typeof checkedCustomer>[0]['account']['creditLimit'] {
  if (creditLimit === null) return null;
  return creditLimit === 'UNLIMITED' ? { kind: 'UNLIMITED' } : { kind: 'AMOUNT', amount: { amount: creditLimit, currency } };
}
