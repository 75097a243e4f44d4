import { AuditEntry } from '../audit/audit.types';
import type { SetupProduct, Suspension, SuspensionReason } from '../guiding';
import { Amount, Quantity, Unit } from '../platform/money';
import type { ChargeRow } from './charge.types';
import type { SettleMove } from './settle.types';
import type { ProductMovesApi } from './product-moves.api';
import { IdentifierKind, UsageEvent } from '../usage/usage.types';
import type { ChargeUsageOptions, UsageResult } from './usage-result.types';
import { ErrorCode } from '../platform/errors';

export type * from './product-moves.api';
export * from './usage-result.types';
export * from './begin.types';

/** The key under which a money move happens once: (tenant, operation, caller, key). */
export interface MoveKey {
  readonly tenantId: number;
  readonly caller: string;
  readonly key: string;
  /** A privileged move's audit row, written in the move's own transaction; `after` gains the position. */
  readonly audit?: Omit<AuditEntry, 'result'>;
}

/** An expected error of a move or a usage, as facts. */
export interface MoveError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: readonly string[];
}

/** A move's outcome: its stored answer, or the errors for which nothing was done. `replayed`: the answer was stored before. */
export type MoveOutcome<A> =
  | { readonly ok: true; readonly answer: A; readonly replayed: boolean }
  | { readonly ok: false; readonly errors: readonly MoveError[] };

export interface TopUpInput {
  readonly accountId: bigint;
  /** Exactly one of the three fundings. */
  readonly funding:
    | { readonly kind: 'VOUCHER'; readonly code: string }
    | { readonly kind: 'PAYMENT'; readonly channel: string; readonly externalId: string }
    | { readonly kind: 'AGENT'; readonly amount: Amount; readonly currency: string; readonly promotional: boolean; readonly validUntil: number | null };
}
export interface MoveAnswer {
  readonly rootId: string;
  readonly position: string;
  readonly accountId: string;
  readonly bucketId: number;
  /** Integer texts in the bucket's asset. */
  readonly amount: string;
  readonly asset: string;
  readonly balanceAfter: string;
  readonly at: string;
  /** Instant until which the account's money may be spent, RFC 3339, null = without end. */
  readonly spendableUntil: string | null;
}

export interface AdjustInput {
  readonly accountId: bigint;
  readonly bucketId: number;
  /** Signed, in the bucket's asset. */
  readonly amount: bigint;
  readonly reason: string;
}

export interface TransferInput {
  readonly fromAccountId: bigint;
  readonly toAccountId: bigint;
  readonly amount: Amount;
  readonly currency: string;
}

export interface ActivateInput {
  readonly accountId: bigint;
  readonly offeringCode: string;
  /** Start of the product, epoch ms; may lie in the past. Null = now. */
  readonly startedAt: number | null;
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[];
  /** A product of the same account whose identifiers this add-on serves too. */
  readonly attachedTo: bigint | null;
}
export interface ActivateAnswer {
  readonly rootId: string;
  readonly position: string;
  readonly productId: string;
}

export interface SuspendInput {
  readonly productId: bigint;
  readonly reason: SuspensionReason;
  readonly level: Suspension['level'];
}
export interface ResumeInput {
  readonly productId: bigint;
  readonly reason: SuspensionReason;
}
export interface ChangeOfferingInput {
  readonly productId: bigint;
  readonly offeringCode: string;
  /** The version that must be the one sold; null = whichever is. */
  readonly offeringVersion: number | null;
  /** An order fulfils the version that it was taken for, whichever is sold by then. */
  readonly offeringVersionId?: string;
  readonly when: 'NOW' | 'PERIOD_END';
  /** Version of the product that the caller saw; null = whichever it has. */
  readonly expectedVersion: number | null;
}
/** A product to be made in two steps, with the id that it gets. */
export interface PrepareInput extends Omit<ActivateInput, 'startedAt' | 'offeringCode'> {
  readonly productId: bigint;
  readonly offeringVersionId: string;
  /** The bundle whose component it becomes; absent = of none. */
  readonly bundledIn?: bigint;
  /** The customer's own number of the order, kept with the product. */
  readonly purchaseOrder?: string;
}

export interface RefundInput {
  readonly rootId: bigint;
  readonly position: bigint;
  /** Gross part to give back; null = all of it, units included. */
  readonly amount: Amount | null;
  readonly reason: 'GOODWILL' | 'RATING_ERROR' | 'DUPLICATE' | 'SERVICE_FAILURE';
  /** True where it stands on the bill of the charge as long as that is open; else it is of the period in which it is given. */
  readonly ofOwnPeriod?: true;
}

/**
 * One fact brought from another system. Instants are epoch ms; null = as the product's period or the account says. A product
 * is named by its offering's code and, where an account has several of it, by the identifier of its line.
 */
export type MigrateInput = { readonly accountId: bigint } & (
  | { readonly kind: 'MONEY'; readonly amount: Amount; readonly currency: string; readonly validUntil: number | null }
  | { readonly kind: 'PROMOTION'; readonly amount: Amount; readonly currency: string; readonly validFrom: number | null; readonly validUntil: number | null }
  | { readonly kind: 'UNITS'; readonly product: MigratedProduct; readonly allowance: string; readonly quantity: bigint; readonly unit: Unit;
      readonly validFrom: number | null; readonly validUntil: number | null }
  /** Of a tiered price (`quantity` counts), or of a member's own limit (`amount` counts). */
  | { readonly kind: 'COUNTER'; readonly product: MigratedProduct; readonly price: string; readonly quantity: bigint; readonly unit: Unit;
      readonly amount: Amount; readonly events: bigint }
  | { readonly kind: 'SPEND'; readonly amount: Amount; readonly currency: string; readonly events: bigint }
  /** What a postpaid account owes: UNBILLED by no bill yet, RECEIVABLE by an issued one. Negative = in the customer's favour. */
  | { readonly kind: 'UNBILLED' | 'RECEIVABLE'; readonly amount: Amount; readonly currency: string }
  /** A product that runs already: no fee and no allowance until `billedUntil`, from where it renews. */
  | { readonly kind: 'PRODUCT'; readonly offering: string; readonly startedAt: number; readonly billedUntil: number | null;
      readonly contractEndsAt: number | null; readonly identifiers: ActivateInput['identifiers']; readonly attachedTo: MigratedLine | null }
);
export type MigrationKind = MigrateInput['kind'];
/** The identifier of a line of the account. */
export type MigratedLine = ActivateInput['identifiers'][number];
export interface MigratedProduct {
  readonly offering: string;
  readonly line: MigratedLine | null;
}
export interface MigrateAnswer {
  readonly rootId: string;
  readonly position: string;
  /** What was brought, as an integer text in its asset; null for a product. */
  readonly asset: string | null;
  readonly amount: string;
  /** What the account's bucket moved by; "0" where no bucket did. */
  readonly booked: string;
  readonly productId: string | null;
}

/** What a balance reader sees of one bucket, with lapsed holds taken off and due renewals applied, nothing written. */
export interface BucketView {
  readonly shard: number;
  readonly rootId: bigint;
  readonly id: number;
  readonly accountId: bigint;
  readonly productId: bigint | null;
  readonly allowanceId: bigint | null;
  readonly kind: 'MONEY' | 'PROMOTION' | 'CREDIT' | 'UNIT';
  readonly asset: string;
  readonly value: bigint;
  readonly reserved: bigint;
  readonly granted: bigint;
  /** Null = unlimited. */
  readonly creditLimit: bigint | null;
  readonly version: bigint;
  readonly state: 'ACTIVE' | 'SUSPENDED' | 'EXPIRED' | 'CLOSED';
  readonly isShared: boolean;
  readonly priority: number;
  /** Units are taken in whole steps of this size; null = in those of the price that governs a usage. */
  readonly step: bigint | null;
  readonly validFrom: number;
  readonly validUntil: number | null;
}

/** What of a product time changes, with due renewals and ends applied, nothing written. Suspensions are those in force. */
export type ProductView = Pick<SetupProduct, 'id' | 'state' | 'endedAt' | 'periodStart' | 'periodEnd' | 'nextRenewalAt' | 'suspensions'>;

export interface AccountBalanceView {
  readonly shard: number;
  readonly rootId: bigint;
  readonly accountId: bigint;
  readonly position: bigint;
  readonly currency: string;
  /** Gross money that can still be spent now, credit included; null = unlimited credit. */
  readonly spendable: Amount | null;
  readonly buckets: readonly BucketView[];
  /** The account's own products, ended ones included. */
  readonly products: readonly ProductView[];
  readonly at: number;
}

/** The conductor as the rooms, the seeds, the command line and the resolvers see it. */
export interface ChargingApi {
  chargeUsage(events: readonly UsageEvent[], options: ChargeUsageOptions): Promise<UsageResult[]>;
  topUp(key: MoveKey, input: TopUpInput): Promise<MoveOutcome<MoveAnswer>>;
  adjust(key: MoveKey, input: AdjustInput): Promise<MoveOutcome<MoveAnswer>>;
  transfer(key: MoveKey, input: TransferInput): Promise<MoveOutcome<{ readonly from: MoveAnswer; readonly to: MoveAnswer }>>;
  activate(key: MoveKey, input: ActivateInput): Promise<MoveOutcome<ActivateAnswer>>;
  terminate(key: MoveKey, input: { readonly productId: bigint; readonly at: number | null }): Promise<MoveOutcome<ActivateAnswer>>;
  readonly products: ProductMovesApi;
  refund(key: MoveKey, input: RefundInput): Promise<MoveOutcome<MoveAnswer>>;
  /** Brings one fact from another system, against the account `migration`. */
  migrate(key: MoveKey, input: MigrateInput): Promise<MoveOutcome<MigrateAnswer>>;
  /** What `migrate` would answer now; writes nothing. `planned`: the product is to be brought before. */
  judgeMigration(key: MoveKey, input: MigrateInput, planned: boolean): Promise<MoveOutcome<MigrateAnswer>>;
  /** Conducts a move that a settle room decides; the account names the root. */
  settle<A>(key: MoveKey, move: SettleMove<A>): Promise<MoveOutcome<A>>;
  /** Applies what fell due (renewals, expiries) to the roots; the scheduler calls it, correctness never needs it. */
  touch(tenantId: number, roots: readonly { readonly shard: number; readonly rootId: bigint }[]): Promise<void>;
  /** Balances as they would stand now; one entry per account asked, in order; null where the account is unknown. */
  balances(tenantId: number, accountIds: readonly bigint[]): Promise<(AccountBalanceView | null)[]>;
  /** The charges of the account's root that fell due and are not booked yet, in memory alone, and the business time. */
  dueCharges(tenantId: number, accountId: bigint): Promise<{ readonly charges: readonly ChargeRow[]; readonly now: number }>;
  /** Business time of a tenant now, epoch ms: database clock plus the tenant's offset. */
  now(tenantId: number): Promise<number>;
}

/** One quantity in its unit, for answers. */
export interface UnitAmount {
  readonly quantity: Quantity;
  readonly unit: Unit;
}
