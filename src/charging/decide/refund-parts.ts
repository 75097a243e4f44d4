import { Bucket, byMoneyTurn } from '../../balance';
import { divideRounded, minBigint } from '../../platform/money';
import { RootState } from '../work/root-state';

/** An entry of a charge or of one of its refunds, as read. */
export interface EntryOfCharge {
  readonly bucket_id: number;
  readonly amount: string;
  readonly kind: string;
  readonly contra: string;
  readonly tax: string;
  readonly tax_code: string | null;
}

/** What one bucket paid for a charge, and what of it came back already; tax is part of the amounts. */
export interface PaidPart {
  readonly bucket: Bucket;
  readonly contra: string;
  readonly taxCode: string | null;
  readonly paid: bigint;
  readonly paidTax: bigint;
  readonly returned: bigint;
  readonly returnedTax: bigint;
}

/** What goes back to one bucket: money with its tax, or units. */
export interface ReturnedPart extends Pick<PaidPart, 'bucket' | 'contra' | 'taxCode'> {
  readonly amount: bigint;
  readonly tax: bigint;
}

/** Sums a charge's entries and its refunds' by bucket. A bucket that paid and is not loaded breaks the books: it throws. */
export function paidParts(root: RootState, entries: readonly EntryOfCharge[]): readonly PaidPart[] {
  const parts = new Map<number, PaidPart>();
  for (const entry of entries) {
    const bucket = root.buckets.get(entry.bucket_id);
    if (!bucket) throw new Error(`Bucket ${root.rootId}/${entry.bucket_id} paid for a charge and is not there.`);
    const part = parts.get(entry.bucket_id)
      ?? { bucket, contra: entry.contra, taxCode: entry.tax_code, paid: 0n, paidTax: 0n, returned: 0n, returnedTax: 0n };
    const [amount, tax] = [BigInt(entry.amount), BigInt(entry.tax)];
    parts.set(entry.bucket_id, entry.kind === 'REFUND'
      ? { ...part, returned: part.returned + amount, returnedTax: part.returnedTax - tax }
      : { ...part, paid: part.paid - amount, paidTax: part.paidTax + tax });
  }
  return [...parts.values()];
}

/** All of a charge, to where it came from. */
export const wholeOf = (parts: readonly PaidPart[]): readonly ReturnedPart[] =>
  parts.map(({ bucket, contra, taxCode, paid, paidTax }) => ({ bucket, contra, taxCode, amount: paid, tax: paidTax }));

/** Money that a bucket got back and gives again. */
export const moneyTaken = ({ bucket, contra, taxCode }: PaidPart, taken: bigint, tax: bigint): ReturnedPart =>
  ({ bucket, contra, taxCode, amount: -taken, tax: -tax });

/**
 * A part of a charge's money, last paid first returned: credit, then paid money, then promotional. No bucket gets back
 * more than it paid, and the tax of several parts sums to the tax of their sum, so that all parts together are the charge.
 */
export function partOf(parts: readonly PaidPart[], wanted: bigint): readonly ReturnedPart[] {
  const money = parts.filter(({ bucket }) => bucket.kind !== 'UNIT').sort((a, b) => byMoneyTurn(b.bucket, a.bucket));
  const returned: ReturnedPart[] = [];
  let left = wanted;
  for (const { bucket, contra, taxCode, ...sums } of money) {
    const amount = minBigint(left, sums.paid - sums.returned);
    if (amount <= 0n) continue;
    const tax = divideRounded(sums.paidTax * (sums.returned + amount), sums.paid, 'HALF_UP') - sums.returnedTax;
    returned.push({ bucket, contra, taxCode, amount, tax });
    left -= amount;
  }
  return returned;
}
