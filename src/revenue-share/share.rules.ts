import { divideRounded, ExactDecimal, pow10, Unit } from '../platform/money';

/** What the shares are taken of: the charge without or with its tax. */
export type ShareBasis = 'NET' | 'GROSS';
export type ShareModel = 'PERCENTAGE' | 'PER_UNIT';

/** What one partner receives of each charge. */
export type SharePart = { readonly partnerId: string } & (
  | { readonly model: 'PERCENTAGE'; /** A fraction: 0.7 is 70 %. */ readonly fraction: ExactDecimal }
  | { readonly model: 'PER_UNIT'; /** Millionths of the currency for every `per` units. */ readonly amount: bigint; readonly per: bigint; readonly unit: Unit }
);

/** One level of an approved agreement: what it is about, and who receives what. */
export interface ShareItem {
  readonly versionId: string;
  readonly item: number;
  /** Null = every offering. */
  readonly offeringId: string | null;
  /** Null = every kind of charge. */
  readonly kind: string | null;
  readonly basis: ShareBasis;
  readonly parts: readonly SharePart[];
  /** Who takes the remainder; OPERATOR unless the agreement names a partner. */
  readonly residual: string;
  readonly asset: string;
  /** Epoch ms, half-open; null = without end. */
  readonly from: number;
  readonly until: number | null;
}

/** Stands for the operator where a party is named. */
export const OPERATOR = '0';

/** A party's share of one charge, in millionths of the currency. */
export interface Share {
  readonly partyId: string;
  readonly share: bigint;
}

/** As kept in `charge.shares`: version, item, and the shares, the residual party's last. They sum to the basis of the charge. */
export interface StoredShares {
  readonly v: string;
  readonly i: number;
  readonly s: readonly (readonly [partyId: string, share: string])[];
}

interface Taxed { readonly net: bigint; readonly tax: bigint }

/** What an item shares of a charge. */
export const basisOf = ({ basis }: Pick<ShareItem, 'basis'>, { net, tax }: Taxed): bigint => (basis === 'NET' ? net : net + tax);

/** Whether an item is about a charge at all, whenever it happened. */
export const concerns = (item: Pick<ShareItem, 'offeringId' | 'kind'>, offeringId: string, kind: string): boolean =>
  (item.offeringId === null || item.offeringId === offeringId) && (item.kind === null || item.kind === kind);

/** Narrower scope first: offering and kind, offering, kind, everything. Approval refuses two alike at one time. */
export const byScope = (a: ShareItem, b: ShareItem): number => widthOf(a) - widthOf(b);
const widthOf = ({ offeringId, kind }: ShareItem): number => (offeringId === null ? 2 : 0) + (kind === null ? 1 : 0);

/** The item that decides at the charge's own time; `items` concern it and are in the order of their scope. */
export function itemAt(items: readonly ShareItem[], at: number, asset: string): ShareItem | null {
  for (const item of items) if (at >= item.from && (item.until === null || at < item.until) && item.asset === asset) return item;
  return null;
}

/**
 * The shares of one charge: each rounded half up to a millionth, and the residual party takes the remainder, which may be
 * negative, so that they add up to the basis to the last digit (money-rules 7.3).
 */
export function sharesOf(item: ShareItem, basis: bigint, used: { readonly quantity: bigint; readonly unit: string }): Share[] {
  let left = basis;
  const shares = item.parts.map((part) => {
    const share = partOf(part, basis, used);
    left -= share;
    return { partyId: part.partnerId, share };
  });
  shares.push({ partyId: item.residual, share: left });
  return shares;
}

function partOf(part: SharePart, basis: bigint, used: { readonly quantity: bigint; readonly unit: string }): bigint {
  if (part.model === 'PERCENTAGE') return divideRounded(basis * part.fraction.unscaled, pow10(part.fraction.scale), 'HALF_UP');
  return used.unit === part.unit ? divideRounded(part.amount * used.quantity, part.per, 'HALF_UP') : 0n;
}

/** What is taken back: all of a charge, or a part of its money after other parts. */
export interface TakenBack {
  readonly isWhole: boolean;
  readonly shares: readonly Share[];
  readonly basis: bigint;
  /** Shares of earlier refunds of the charge, which are negative. */
  readonly before: readonly { readonly shares: readonly Share[]; readonly basis: bigint }[];
  /** Basis of this refund, which is negative. */
  readonly back: bigint;
}

/**
 * The opposite shares of a refund. The whole charge takes back every share exactly; a part of its money takes back
 * percentages in proportion, so that all parts together take back the share to the last digit, and leaves what is owed per
 * unit, because the units were delivered. The residual party again takes the remainder.
 */
export function sharesBack(item: ShareItem, { isWhole, shares, basis, before, back }: TakenBack): Share[] {
  if (isWhole) return shares.map(({ partyId, share }) => ({ partyId, share: -share }));
  const returned = before.reduce((sum, refund) => sum - refund.basis, -back);
  let left = back;
  return shares.map(({ partyId, share }, index) => {
    if (index === shares.length - 1) return { partyId, share: left };
    const soFar = before.reduce((sum, refund) => sum - (refund.shares[index]?.share ?? 0n), 0n);
    const isPercentage = item.parts[index]?.model === 'PERCENTAGE' && basis !== 0n;
    const now = isPercentage ? soFar - divideRounded(share * returned, basis, 'HALF_UP') : 0n;
    left -= now;
    return { partyId, share: now };
  });
}

/** Shares as text of `charge.shares`; written by hand, thousands of times a second. Ids and numbers need no escape. */
export function storedText({ versionId, item }: Pick<ShareItem, 'versionId' | 'item'>, shares: readonly Share[]): string {
  let text = '';
  for (const { partyId, share } of shares) text += `${text ? ',' : ''}["${partyId}","${share}"]`;
  return `{"v":"${versionId}","i":${item},"s":[${text}]}`;
}

export const sharesIn = ({ s }: StoredShares): Share[] => s.map(([partyId, share]) => ({ partyId, share: BigInt(share) }));
