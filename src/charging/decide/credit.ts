import { availableIn, Bucket, spreadTax } from '../../balance';
import { FeePrice } from '../../catalog';
import { SetupAccount, SetupProduct } from '../../guiding';
import { amount, divideRounded, parseDecimal, pow10 } from '../../platform/money';
import { dateOfEpochDay, Fraction, localParts, periodOf, shareOfPeriod } from '../../platform/time';
import { isoInstant, Statement } from '../../platform/db';
import { taxed } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { feeContra } from './fees';
import { ReadRows } from './move';
import { billPeriodOf } from './periods';
import { PaidPart, partOf, ReturnedPart } from './refund-parts';
import { giveBack } from './refund';
import { periodRule } from './renewal';

const FEE_COLUMNS = `c.position, c.net, c.tax, c.reverses, c.kind, c.source, c.price_version_id, c.explanation, c.body_hash, c.asset, c.shares,
                floor(extract(epoch from c.event_at) * 1000)::float8 as event_ms, floor(extract(epoch from c.booked_at) * 1000)::float8 as booked_ms`;

/** The source under which a part of a fee is credited: by it such credits are found without a walk over the root's charges. */
export const CREDIT_SOURCE = 'credit';
export const SLA_CREDIT = 'SLA_CREDIT';

/** The newest recurring fees of a product, and what was given back of them. */
export const feesRead = (shard: number, rootId: bigint, productId: bigint): Statement => ({
  name: 'fees-of-product',
  text: `(select ${FEE_COLUMNS}
            from charge c where c.shard = $1 and c.root_id = $2 and c.product_id = $3 and c.kind = 'RECURRING_FEE'
           order by c.event_at desc, c.position desc limit 200)
          union all
         (select ${FEE_COLUMNS}
            from charge c where c.shard = $1 and c.tenant_id = (select p.tenant_id from product p where p.shard = $1 and p.id = $3)
             and c.source = '${CREDIT_SOURCE}' and c.root_id = $2 and c.product_id = $3)`,
  values: [shard, rootId.toString(), productId.toString()],
});

/** The recurring fees of a product in one period, however long ago, and what was given back of them: that stands at the fee's own time. */
export const feesOfPeriodRead = (shard: number, rootId: bigint, productId: bigint, start: number, end: number): Statement => ({
  name: 'fees-of-period',
  text: `(select ${FEE_COLUMNS}
            from charge c where c.shard = $1 and c.root_id = $2 and c.product_id = $3 and c.kind = 'RECURRING_FEE' and c.event_at >= $4 and c.event_at < $5)
          union all
         (select ${FEE_COLUMNS}
            from charge c where c.shard = $1 and c.tenant_id = (select p.tenant_id from product p where p.shard = $1 and p.id = $3)
             and c.source = '${CREDIT_SOURCE}' and c.root_id = $2 and c.product_id = $3 and c.event_at >= $4 and c.event_at < $5)`,
  values: [shard, rootId.toString(), productId.toString(), isoInstant(start), isoInstant(end)],
});

/** A fee as it was charged, or what was given back of one. */
export interface FeeCharge {
  readonly position: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly reverses: bigint | null;
  readonly kind: string;
  readonly source: string;
  readonly priceVersionId: string;
  readonly at: number;
  readonly asset: string;
  readonly bodyHash: Buffer;
  /** What each bucket paid, gross. */
  readonly paid: readonly (readonly [number, bigint])[];
  readonly taxCode: string | null;
  /** Of a credit: by how many percent of the fee it changed what is credited, at a scale of 18; null where it tells none. */
  readonly credited: bigint | null;
  readonly bookedAt: number;
  /** Who shared in it; of a fee of this very batch it is known when the batch's steps come to the credit. */
  readonly shares: unknown;
}

/** What is given back of one fee: an opposite charge of its own. */
export interface PlannedCredit {
  readonly fee: FeeCharge;
  /** From when on its days are given back, epoch ms. */
  readonly from: number;
  /** What was given back of it before. */
  readonly before: readonly FeeCharge[];
  readonly net: bigint;
  readonly tax: bigint;
  readonly parts: readonly ReturnedPart[];
}

/**
 * The unused rest, from an instant to the period's end, of what was billed in advance for the running period: the share of
 * the price by days, rounded by itself, with the tax of the fee's own time (money-rules 5.2, 5.5). Never more than is left
 * of the fee.
 */
export function planCredits(
  work: Work, root: RootState, product: SetupProduct, account: SetupAccount, rows: ReadRows, from: number,
): readonly PlannedCredit[] {
  const { periodStart, periodEnd } = product;
  if (periodStart === null || periodEnd === null || from >= periodEnd) return [];
  const charges = feesOf(work, root, product, rows[0] ?? []);
  const isChanged = new Set(charges.filter(({ source, reverses }) => source === 'change' && reverses !== null).map(({ reverses }) => reverses));
  return charges
    .filter((fee) => fee.reverses === null && fee.at >= periodStart && fee.at < periodEnd && !isChanged.has(fee.position))
    .flatMap((fee) => creditOf(work, root, product, account, fee, charges.filter(({ reverses }) => reverses === fee.position), from) ?? []);
}

function creditOf(
  work: Work, root: RootState, product: SetupProduct, account: SetupAccount, fee: FeeCharge, returns: readonly FeeCharge[], from: number,
): PlannedCredit | null {
  const price = product.assignments.find((assignment) => assignment.price.id === fee.priceVersionId)?.price;
  if (!price || price.priceType !== 'RECURRING') return null;
  const share = unusedShare(product, account, price, fee, from);
  const unused = amount(divideRounded(price.amount * share.numerator, share.denominator, 'HALF_UP'));
  const due = taxed(work.factsOf(root.setup.tenantId), price, unused, fee.at);
  const returned = due && returnOf(root, fee, returns, price, due);
  return returned && { fee, from, before: returns, ...returned };
}

/** What goes back of a fee, and to whom: what is due, and never more than is left of the fee; null where that is nothing. */
export function returnOf(
  root: RootState, fee: FeeCharge, returns: readonly FeeCharge[], price: FeePrice, due: { readonly gross: bigint; readonly tax: bigint },
): Pick<PlannedCredit, 'net' | 'tax' | 'parts'> | null {
  const gross = fee.net + fee.tax;
  const left = returns.reduce((sum, row) => sum + row.net + row.tax, gross);
  if (left <= 0n || due.gross <= 0n) return null;
  const isWithin = due.gross <= left;
  const back = amount(isWithin ? due.gross : left);
  const tax = amount(isWithin ? due.tax : divideRounded(fee.tax * left, gross, 'HALF_UP'));
  const found = partOf(paidParts(root, fee, returns, price), back);
  const taxes = spreadTax(found.map(({ bucket, amount: part }) => ({ bucket, gross: amount(part) })), back, tax);
  return { net: -(back - tax), tax: -tax, parts: found.map((part, index) => ({ ...part, tax: taxes[index]! })) };
}

/** Days left over the days that the price is for: its natural period, or what a first period paid in full for. */
function unusedShare(product: SetupProduct, account: SetupAccount, price: FeePrice, fee: FeeCharge, from: number): Fraction {
  const [start, end] = [product.periodStart!, product.periodEnd!];
  const rule = periodRule(product, account);
  if (!rule || rule.kind === 'HOURS') return { numerator: BigInt(end - from), denominator: BigInt(end - start) };
  const zone = account.timeZone;
  const natural = periodOf(rule, zone, start);
  const unused = { startDate: dayOf(zone, from), endDate: dayAfter(zone, end - 1) };
  const isShare = price.isProrated || fee.source === 'change';
  return shareOfPeriod(unused, isShare ? natural : { startDate: dayOf(zone, fee.at), endDate: natural.endDate });
}

const dayOf = (zone: string, at: number): string => dateOfEpochDay(localParts(zone, at).epochDay);
const dayAfter = (zone: string, at: number): string => dateOfEpochDay(localParts(zone, at).epochDay + 1);

export function paidParts(root: RootState, fee: FeeCharge, returns: readonly FeeCharge[], price: FeePrice): readonly PaidPart[] {
  const returned = (id: number): bigint => returns.flatMap(({ paid }) => paid).reduce((sum, [bucket, value]) => (bucket === id ? sum - value : sum), 0n);
  return fee.paid.map(([id, paid]) => {
    const bucket = root.buckets.get(id);
    if (!bucket) throw new Error(`Bucket ${id} paid a fee and is not there.`);
    return { bucket, contra: feeContra(price), taxCode: fee.taxCode, paid, paidTax: 0n, returned: returned(id), returnedTax: 0n };
  });
}

/** Fees as stored, and those that this batch charges. */
export function feesOf(work: Work, root: RootState, product: SetupProduct, rows: readonly Record<string, unknown>[]): FeeCharge[] {
  const stored = rows.map((row): FeeCharge => ({
    position: BigInt(row.position as string), net: BigInt(row.net as string), tax: BigInt(row.tax as string),
    reverses: row.reverses === null ? null : BigInt(row.reverses as string), kind: row.kind as string, source: row.source as string,
    priceVersionId: row.price_version_id as string, at: row.event_ms as number, asset: row.asset as string, bodyHash: row.body_hash as Buffer,
    ...paymentOf(row.explanation as Explained | null), bookedAt: row.booked_ms as number, shares: row.shares,
  }));
  const fresh = work.charges.filter((row) => row.rootId === root.rootId && row.productId === product.id && (row.kind === 'RECURRING_FEE' || row.kind === SLA_CREDIT))
    .map((row): FeeCharge => ({
      position: row.position, net: row.net, tax: row.tax, reverses: row.reverses, kind: row.kind, source: row.source,
      priceVersionId: (row.priceVersionId ?? 0n).toString(), at: row.eventAt, asset: row.asset, bodyHash: row.bodyHash,
      ...paymentOf(JSON.parse(row.explanation ?? '{}') as Explained), bookedAt: work.now(root.setup.tenantId),
      get shares(): unknown { return row.shares === null ? null : JSON.parse(row.shares); },
    }));
  return [...stored, ...fresh];
}

interface Explained { readonly b?: readonly (readonly [number, string, string])[]; readonly t?: string; readonly c?: string }
const paymentOf = (explained: Explained | null): Pick<FeeCharge, 'paid' | 'taxCode' | 'credited'> => ({
  paid: (explained?.b ?? []).map(([id, gross]) => [id, BigInt(gross)]), taxCode: explained?.t ?? null, credited: explained?.c === undefined ? null : percentIn(explained.c),
});

function percentIn(text: string): bigint {
  const read = parseDecimal(text);
  if (!read) throw new Error(`A credit of "${text}" percent is none.`);
  return read.unscaled * pow10(18 - read.scale);
}

/** What a purse can give once the credits are back in it; null = unlimited. */
export const availableAfter = (credits: readonly PlannedCredit[]) => (bucket: Bucket): bigint | null => {
  const held = availableIn(bucket);
  if (held === null) return null;
  return credits.flatMap(({ parts }) => parts).reduce((sum, part) => (part.bucket === bucket ? sum + part.amount : sum), held);
};

/** Books credits, each a charge of its own that reverses a part of its fee. */
export function bookCredits(work: Work, root: RootState, product: SetupProduct, payer: SetupAccount, credits: readonly PlannedCredit[]): void {
  for (const credit of credits) {
    bookReturn(work, root, product, payer, credit, { source: 'change', reason: 'UNUSED_REST', kind: 'RECURRING_FEE', facts: { f: credit.from }, isShared: true, billAt: work.now(root.setup.tenantId) });
  }
}

/** How the charge that gives a part of a fee back is named, and whether who shared in the fee bears his part. */
export interface ReturnLabel {
  readonly source: string;
  readonly reason: string;
  readonly kind: string;
  /** What its explanation says beside who was paid. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly isShared: boolean;
  /** Whose bill period it belongs to, if that is open still; epoch ms. */
  readonly billAt: number;
}

export function bookReturn(
  work: Work, root: RootState, product: SetupProduct, payer: SetupAccount, { fee, before, net, tax, parts }: Omit<PlannedCredit, 'from'>, label: ReturnLabel,
): void {
  const position = root.nextPosition();
  const back = parts.map((part) => [part.bucket.id, (-part.amount).toString(), part.bucket.value.toString()]);
  for (const part of parts) giveBack(work, root, position, part);
  const reversed = { isWhole: false, net: fee.net, tax: fee.tax, bookedAt: fee.bookedAt, before, get shares(): unknown { return fee.shares; } };
  work.charges.push({
    shard: root.shard, rootId: root.rootId, position, tenantId: root.setup.tenantId, source: label.source, eventId: `${product.id}:credit:${position}`,
    role: 'RETAIL', party: 0n, bodyHash: fee.bodyHash, status: 'CHARGED', reason: label.reason, accountId: product.accountId, productId: product.id,
    kind: label.kind, identifier: null, otherParty: null, eventAt: fee.at, billPeriod: billPeriodOf(root, payer, label.billAt), unit: 'EVENT',
    quantity: 0n, net, tax, asset: fee.asset, priceVersionId: BigInt(fee.priceVersionId), reverses: fee.position,
    explanation: JSON.stringify({ b: back, t: fee.taxCode, ...label.facts }), shares: null, reversed: label.isShared ? reversed : null,
  });
}
