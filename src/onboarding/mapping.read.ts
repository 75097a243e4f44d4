import { checkedName } from '../party';
import { Refusal } from '../platform/errors';
import { Amount, isCurrency, parseAmount } from '../platform/money';
import {
  asMap, asText, characterOf, columnName, columnsOfRule, MappingForm, oneOf, onlyKeys, readYaml, textRule, TextRule, zoneOf,
} from '../usage/import';
import type { AccountTerms, CatalogPart, CustomerMapping, ServiceRule } from './mapping.types';

const TOP = ['format', 'delimiter', 'quote', 'source', 'customer', 'account', 'services', 'monthlyCharge', 'catalog'];
const ACCOUNT = ['name', 'currency', 'timeZone', 'billCycleDay', 'paymentMode', 'creditLimit'];
const CATALOG = ['taxClass', 'revenueAccount', 'period', 'prorated', 'offerings'];
/** Twelve digits before the point, in millionths. */
const LARGEST = 10n ** 18n;
const SOURCE = /^[\x21-\x7e]{1,64}$/;
const CODE = /^[\x21-\x7e]{1,100}$/;

/**
 * Reads the text of a mapping of customers (docs/customers-import.md shows its form).
 * @throws ImportError naming the file and the first member that is wrong.
 */
export const readCustomerMapping = (text: string, file: string): CustomerMapping => readYaml(text, file, mappingOf);

function mappingOf(document: unknown): CustomerMapping {
  const top = onlyKeys(asMap(document, 'the mapping'), TOP, '');
  const customer = onlyKeys(asMap(top.customer, 'customer'), ['id', 'name', 'kind', 'segment'], 'customer.');
  const account = accountOf(top.account);
  return {
    format: top.format === undefined ? null : oneOf(top.format, 'format', ['csv', 'jsonl'] as const),
    delimiter: characterOf(top.delimiter ?? ',', 'delimiter'), quote: characterOf(top.quote ?? '"', 'quote'),
    source: asText(top.source, 'source', SOURCE, '1 to 64 printable ASCII characters without blanks'),
    customer: {
      id: readFromRow(customer.id, 'customer.id'), name: readFromRow(customer.name, 'customer.name'),
      kind: oneOf(customer.kind ?? 'INDIVIDUAL', 'customer.kind', ['INDIVIDUAL', 'ORGANIZATION'] as const),
      segment: oneOf(customer.segment ?? 'CONSUMER', 'customer.segment', ['CONSUMER', 'BUSINESS', 'WHOLESALE'] as const),
    },
    account, services: servicesOf(top.services),
    monthlyCharge: top.monthlyCharge === undefined ? null : monthlyChargeOf(top.monthlyCharge),
    catalog: top.catalog === undefined ? null : catalogOf(top.catalog),
  };
}

/** A constant would be the same for every customer. */
function readFromRow(value: unknown, path: string): TextRule {
  const rule = textRule(value, path);
  if (columnsOfRule(rule).length === 0) throw new MappingForm(path, 'a column or a template of columns');
  return rule;
}

function accountOf(value: unknown): AccountTerms {
  const account = onlyKeys(asMap(value, 'account'), ACCOUNT, 'account.');
  const paymentMode = oneOf(account.paymentMode, 'account.paymentMode', ['PREPAID', 'POSTPAID', 'HYBRID'] as const);
  const day = asText(account.billCycleDay, 'account.billCycleDay', /^([1-9]|[12]\d|3[01])$/, 'a day of the month, 1 to 31');
  return {
    name: nameOf(account.name), currency: currencyOf(account.currency), timeZone: zoneOf(account.timeZone, 'account.timeZone'),
    billCycleDay: parseInt(day, 10), paymentMode, creditLimit: limitOf(account.creditLimit, paymentMode),
  };
}

function nameOf(value: unknown): string {
  const form = 'the name of the account, 1 to 200 characters';
  try {
    return checkedName(asText(value, 'account.name', /./, form), ['account', 'name']);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new MappingForm('account.name', form);
  }
}

function currencyOf(value: unknown): string {
  const currency = asText(value, 'account.currency', /./, 'a code of ISO 4217, such as EUR');
  if (!isCurrency(currency)) throw new MappingForm('account.currency', 'a code of ISO 4217, such as EUR');
  return currency;
}

function limitOf(value: unknown, mode: AccountTerms['paymentMode']): string | null {
  if (mode === 'PREPAID') {
    if (value !== undefined) throw new MappingForm('account.creditLimit', 'left out: a prepaid account has none');
    return null;
  }
  if (value === 'UNLIMITED') return value;
  const limit = moneyOf(value, 'account.creditLimit', 'UNLIMITED, or money such as 200.00');
  if (limit > LARGEST) throw new MappingForm('account.creditLimit', 'at most a million millions');
  return value as string;
}

function moneyOf(value: unknown, path: string, wanted = 'money such as 4.80'): Amount {
  const money = parseAmount(asText(value, path, /./, wanted));
  if (money === null || money < 0n) throw new MappingForm(path, wanted);
  return money;
}

function servicesOf(value: unknown): ServiceRule[] {
  if (!Array.isArray(value) || value.length === 0) throw new MappingForm('services', 'a list of columns');
  const rules = value.map((each, index) => serviceOf(each, `services[${index}]`));
  const twice = rules.find(({ column }, index) => rules.findIndex((other) => other.column === column) < index);
  if (twice) throw new MappingForm('services', `columns, each once; "${twice.column}" stands there twice`);
  return rules;
}

function serviceOf(value: unknown, path: string): ServiceRule {
  const rule = onlyKeys(asMap(value, path), ['column', 'values'], `${path}.`);
  const values = Object.entries(asMap(rule.values, `${path}.values`))
    .map(([from, codes]) => [from, (Array.isArray(codes) ? codes : [codes]).map((code) => codeOf(code, `${path}.values.${from}`))] as const);
  return { column: columnName(rule.column, `${path}.column`), values: new Map(values) };
}

const codeOf = (value: unknown, path: string): string =>
  asText(value, path, CODE, 'the code of an offering, a list of them, or [] for none');

function monthlyChargeOf(value: unknown): CustomerMapping['monthlyCharge'] {
  const { tolerance, ...charge } = asMap(value, 'monthlyCharge');
  return { charge: readFromRow(charge, 'monthlyCharge'), tolerance: moneyOf(tolerance ?? '0', 'monthlyCharge.tolerance') };
}

function catalogOf(value: unknown): CatalogPart {
  const catalog = onlyKeys(asMap(value, 'catalog'), CATALOG, 'catalog.');
  if (!Array.isArray(catalog.offerings)) throw new MappingForm('catalog.offerings', 'a list of offerings');
  return {
    taxClass: asText(catalog.taxClass, 'catalog.taxClass', /./, 'the tax class of the fees'),
    revenueAccount: asText(catalog.revenueAccount, 'catalog.revenueAccount', /./, 'the account of the revenue'),
    period: oneOf(catalog.period ?? 'CALENDAR_MONTH', 'catalog.period', ['CALENDAR_MONTH', 'BILL_CYCLE', 'MONTH'] as const),
    isProrated: oneOf(catalog.prorated ?? 'true', 'catalog.prorated', ['true', 'false']) === 'true',
    offerings: catalog.offerings.map((each: unknown, index) => {
      const path = `catalog.offerings[${index}]`;
      const offering = onlyKeys(asMap(each, path), ['code', 'name', 'price'], `${path}.`);
      return { code: codeOf(offering.code, `${path}.code`), name: asText(offering.name, `${path}.name`, /./, 'a name'), price: moneyOf(offering.price, `${path}.price`) };
    }),
  };
}
