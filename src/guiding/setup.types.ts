import { OfferingTerms, PriceVersion, PaymentMode } from '../catalog';
import { RootRef } from '../platform/root';
import { CompiledPrice } from '../rating';
import { IdentifierKind, SubscriberKind } from '../usage/usage.types';

/**
 * Everything about one root that changes rarely: accounts, products, dated prices, identifiers. Cached per node and
 * checked under the root's lock against bucket 0's `setup_version`. Instants are epoch ms, ranges half-open, null = open.
 */
export interface RootSetup extends RootRef {
  readonly version: bigint;
  readonly tenantId: number;
  /** Whether the root has more buckets than bucket 0; opening one raises the version. */
  readonly hasOtherBuckets: boolean;
  /** Whether a tiered price or a member's own limit asks for counters. */
  readonly hasCounters: boolean;
  readonly accounts: ReadonlyMap<bigint, SetupAccount>;
  readonly products: ReadonlyMap<bigint, SetupProduct>;
  /** Keyed by `identifierKey`. */
  readonly identifiers: ReadonlyMap<string, readonly SetupIdentifier[]>;
  /** Devices whose usage in a slice of this root is paid by the slice, keyed by `deviceKey`. */
  readonly devices: ReadonlyMap<string, readonly SetupDevice[]>;
}

export interface SetupAccount {
  readonly id: bigint;
  readonly customerId: bigint;
  readonly payerId: bigint;
  readonly currency: string;
  readonly timeZone: string;
  readonly billCycleDay: number;
  readonly paymentMode: PaymentMode;
  readonly state: 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
  /** Millionths that usage of an account with another payer may take from him in a bill cycle; null = as far as the payer's own limit. */
  readonly ownLimit: bigint | null;
}

export type ProductState =
  | 'CREATED' | 'PENDING_ACTIVE' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_TERMINATE' | 'TERMINATED' | 'CANCELLED' | 'ABORTED';
export type SuspensionReason = 'CUSTOMER' | 'NON_PAYMENT' | 'FRAUD' | 'LOST' | 'RENEWAL_UNPAID' | 'REGULATOR';

export interface Suspension {
  readonly reason: SuspensionReason;
  readonly level: 'OUTGOING' | 'DATA' | 'ALL';
  readonly from: number;
  readonly until: number | null;
}

export interface PriceAssignment {
  readonly priceId: string;
  readonly price: PriceVersion;
  /** Null for a fee. */
  readonly compiled: CompiledPrice | null;
  readonly from: number;
  readonly until: number | null;
}

/** A product; its dated facts and the columns that renewals move. */
export interface SetupProduct {
  readonly id: bigint;
  readonly accountId: bigint;
  readonly terms: OfferingTerms;
  readonly attachedTo: bigint | null;
  /** The bundle whose component it is; null = of none. */
  readonly bundledIn: bigint | null;
  readonly accountWide: boolean;
  readonly state: ProductState;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Start of the row of periods: what anniversaries are derived from. */
  readonly anchorAt: number;
  readonly periodStart: number | null;
  readonly periodEnd: number | null;
  readonly nextRenewalAt: number | null;
  readonly unpaidSince: number | null;
  /** What it becomes at its next renewal; null where no change is pending. */
  readonly nextTerms: OfferingTerms | null;
  /** What it was before its offering was changed, the oldest first. */
  readonly formerTerms: readonly FormerTerms[];
  readonly version: number;
  readonly suspensions: readonly Suspension[];
  readonly assignments: readonly PriceAssignment[];
}

/** Terms that a product had until an instant (not included). */
export interface FormerTerms {
  readonly terms: OfferingTerms;
  readonly until: number;
}

/** The terms of a product at an instant: late usage is judged by what the product was then. */
export function termsAt(product: Pick<SetupProduct, 'terms' | 'formerTerms'>, at: number): OfferingTerms {
  if (product.formerTerms.length === 0) return product.terms;
  return product.formerTerms.find(({ until }) => at < until)?.terms ?? product.terms;
}

export interface SetupIdentifier {
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly accountId: bigint;
  readonly productId: bigint | null;
  readonly from: number;
  readonly until: number | null;
}

/** A device in a slice of the root that pays for it. */
export interface SetupDevice {
  readonly snssai: string;
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly accountId: bigint;
  readonly productId: bigint;
  readonly from: number;
  readonly until: number | null;
}

export const deviceKey = (snssai: string, kind: SubscriberKind, value: string): string => `${snssai}:${kind}:${value}`;

export const identifierKey = (kind: SubscriberKind, value: string): string => `${kind}:${value}`;

/** Whether an instant lies in a half-open range. */
export const holdsAt = (range: { readonly from: number; readonly until: number | null }, at: number): boolean =>
  at >= range.from && (range.until === null || at < range.until);

/**
 * The prices of a product that may ask for a counter. A later version of a price may have tiers where the first had none:
 * so dated assignments are looked at as well, and a list price always counts, whose versions a product does not know.
 */
export function tieredPrices({ terms, formerTerms, assignments }: Pick<SetupProduct, 'terms' | 'formerTerms' | 'assignments'>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const price of [terms, ...formerTerms.map((former) => former.terms)].flatMap(({ usage }) => usage)) if (price.listPriced || price.definition.tiers) found.add(price.priceId);
  for (const { price } of assignments) if (price.priceType === 'USAGE' && price.definition.tiers) found.add(price.priceId);
  return found;
}
