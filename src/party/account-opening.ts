import type { RootRef, StatementRunner } from '../platform/root';
import type { CreditLimit } from './account.rules';
import type { PaymentMode } from './billing-account.entity';

/** An account as the money rooms must know it when it is opened or its limit changes. */
export interface OpenedAccount extends RootRef {
  readonly tenantId: number;
  readonly accountId: bigint;
  /** Who pays: the account itself, or an account of the same root. */
  readonly payerId: bigint;
  readonly currency: string;
  readonly timeZone: string;
  readonly paymentMode: PaymentMode;
  /** Null for a prepaid account only. */
  readonly creditLimit: CreditLimit | null;
  /** Business time of the change, epoch ms. */
  readonly at: number;
}

/**
 * What the money rooms do when an account opens or its limit changes; called in the transaction of the change, for an
 * account that joins a root under that root's lock. A Refusal thrown here ends the change.
 */
export interface AccountOpening {
  /** Makes the account's buckets; for a new root (rootId = accountId) with bucket 0, the root's lock row. */
  openBuckets(tx: StatementRunner, account: OpenedAccount): Promise<void>;
  /** The same for many accounts, each a new root of its own, in one statement. */
  openRoots(tx: StatementRunner, accounts: readonly OpenedAccount[]): Promise<void>;
  /** Carries a new credit limit to the account's buckets. */
  limitChanged(tx: StatementRunner, account: OpenedAccount): Promise<void>;
}
