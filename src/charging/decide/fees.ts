import { createHash } from 'node:crypto';
import { Bucket, MoneyTake, planMoney, spreadTax, withOverUse } from '../../balance';
import { FeePrice } from '../../catalog';
import { SetupAccount, SetupProduct } from '../../guiding';
import { Amount, amount, divideRounded } from '../../platform/money';
import { Fraction } from '../../platform/time';
import { TenantFacts, Taxed, taxed } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { billCycleOf, billPeriodOf } from './periods';

/** A fee that falls due: its price, its taxed amount, and the key under which it is charged once. */
export interface DueFee {
  readonly price: FeePrice;
  readonly due: Taxed;
  readonly source: 'renewal' | 'activation' | 'change';
  readonly key: string;
  readonly at: number;
  /** End of the period that it pays for; null = it pays for no period, or for one without end. */
  readonly until: number | null;
}

/** Where a fee's money goes: earned over its period, or at once. */
export const feeContra = (price: Pick<FeePrice, 'recognition' | 'revenueAccount'>): string =>
  (price.recognition === 'OVER_PERIOD' ? 'deferred_revenue' : price.revenueAccount);

/** The fee with its tax at its own time; a missing tax rate is the catalog's fault and stops the whole decision. */
export function dueFee(
  facts: TenantFacts, product: SetupProduct, price: FeePrice, source: DueFee['source'], at: number, share: Fraction | null, until: number | null = null,
): DueFee {
  const value = share && price.isProrated
    ? amount(divideRounded(price.amount * share.numerator, share.denominator, 'HALF_UP')) : price.amount;
  const due = taxed(facts, price, value, at);
  if (!due) throw new TaxRateMissing(price.taxClass, at);
  return { price, due, source, key: `${product.id}:${price.priceId}:${new Date(at).toISOString()}`, at, until };
}

/** No tax rate of a class holds at an instant: nothing may be charged on it until finance sets one. */
export class TaxRateMissing extends Error {
  constructor(taxClass: string, at: number) {
    super(`No rate of tax class ${taxClass} holds at ${new Date(at).toISOString()}.`);
  }
}

export const grossOf = (fees: readonly DueFee[]): Amount => amount(fees.reduce((sum, fee) => sum + fee.due.gross, 0n));

/** Whether the purses pay a renewal. A postpaid account always does: the fee of a running product is booked beyond the limit. */
export const canPay = (purses: readonly Bucket[], gross: Amount): boolean =>
  gross === 0n || purses.some((bucket) => bucket.kind === 'CREDIT') || planMoney(purses, gross).short === 0n;

/** Charges a fee: one charge row, one entry per purse. The caller has made sure that the purses pay. */
export function bookFee(
  work: Work, root: RootState, product: SetupProduct, payer: SetupAccount, purses: readonly Bucket[], fee: DueFee,
): void {
  const position = root.nextPosition();
  const takes = withOverUse(planMoney(purses, fee.due.gross), purses).takes;
  const paid = takes.map(({ bucket, gross }) => [bucket.id, gross.toString(), bucket.value.toString()]);
  moveMoney(work, root, position, takes, fee);
  work.charges.push({
    shard: root.shard, rootId: root.rootId, position, tenantId: root.setup.tenantId, source: fee.source, eventId: fee.key,
    role: 'RETAIL', party: 0n, bodyHash: createHash('sha256').update(fee.key).digest(), status: 'CHARGED', reason: null,
    accountId: product.accountId, productId: product.id, kind: fee.source === 'activation' ? 'ONE_TIME_FEE' : 'RECURRING_FEE',
    identifier: null, otherParty: null, eventAt: fee.at, billPeriod: feePeriodOf(root, payer, fee), unit: 'EVENT', quantity: 1n,
    net: fee.due.net, tax: fee.due.tax, asset: `${fee.price.currency}/6`, priceVersionId: BigInt(fee.price.id), reverses: null,
    explanation: JSON.stringify({ b: paid, t: fee.due.taxCode, ...(fee.until === null ? {} : { u: fee.until }) }), shares: null, reversed: null,
  });
}

/** The bill period of a fee: in advance, what begins with a cycle is on the bill that is made then, of the cycle before. */
function feePeriodOf(root: RootState, payer: SetupAccount, { price, at }: DueFee): number {
  const isAhead = price.priceType === 'RECURRING' && price.isBilledInAdvance && billCycleOf(payer, at).start === at;
  return billPeriodOf(root, payer, isAhead ? at - 1 : at);
}

function moveMoney(work: Work, root: RootState, position: bigint, takes: readonly MoneyTake[], fee: DueFee): void {
  const { due, price } = fee;
  const taxes = spreadTax(takes, due.gross, due.tax);
  takes.forEach(({ bucket, gross }, index) => work.move(bucket, root, position, {
    kind: 'FEE', amount: -gross, contra: feeContra(price),
    tax: taxes[index]!, taxCode: due.taxCode,
  }));
}
