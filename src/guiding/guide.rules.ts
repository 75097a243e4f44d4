import { isDeviceCount } from '../usage/device-count.rules';
import { SNSSAI, UsageEvent } from '../usage/usage.types';
import { deviceKey, holdsAt, identifierKey, ProductState, RootSetup, SetupAccount, SetupProduct, Suspension } from './setup.types';

/** A usage with its owner: the account, and the products whose prices and allowances may serve it at its own time. */
export interface GuidedUsage {
  readonly account: SetupAccount;
  readonly payer: SetupAccount;
  readonly products: readonly SetupProduct[];
  /** Products that would serve it but are suspended at its time. */
  readonly suspended: readonly SetupProduct[];
}

export type GuidingFailure = 'ACCOUNT_CLOSED' | 'NO_PRODUCT';

/** Guides by the event's own time, never by now. `productsNow` holds the products as renewals of this batch left them. */
export function guide(
  usage: Pick<UsageEvent, 'startedAt' | 'kind' | 'direction' | 'source' | 'unit'>, owner: UsageOwner, productsNow: ReadonlyMap<bigint, SetupProduct>,
): GuidedUsage | GuidingFailure {
  const at = usage.startedAt;
  const { account, payer } = owner;
  if (account.state === 'CLOSED') return 'ACCOUNT_CLOSED';
  const serving: SetupProduct[] = [];
  const suspended: SetupProduct[] = [];
  const canBeBarred = !isDeviceCount(usage);
  const line = owner.lineId === null ? undefined : productsNow.get(owner.lineId);
  // What bars an account or a line bars all that it would use, a line's add-ons among it.
  const isBarred = account.state === 'SUSPENDED' || (line !== undefined && isSuspended(line, usage, at));
  for (const product of productsNow.values()) {
    if (product.accountId !== account.id || !serves(product, owner.lineId) || !wasActive(product, at)) continue;
    (canBeBarred && (isBarred || isSuspended(product, usage, at)) ? suspended : serving).push(product);
  }
  if (serving.length === 0 && suspended.length === 0) return 'NO_PRODUCT';
  return { account, payer, products: serving, suspended };
}

export interface UsageOwner {
  readonly account: SetupAccount;
  readonly payer: SetupAccount;
  /** The product that the identifier belongs to, where it belongs to one. */
  readonly lineId: bigint | null;
}

/** Who owned the usage at its time: the slice that pays for it, else the owner of its identifier; null where this root did not. */
export function ownerOf(usage: Pick<UsageEvent, 'subscriber' | 'startedAt' | 'attributes'>, setup: RootSetup): UsageOwner | null {
  const { kind, value } = usage.subscriber;
  if (kind === 'SLICE') return sliceOf(setup, value);
  const snssai = usage.attributes[SNSSAI];
  const paid = snssai === undefined ? undefined : setup.devices.get(deviceKey(snssai, kind, value))?.find((range) => holdsAt(range, usage.startedAt));
  const owner = paid ?? setup.identifiers.get(identifierKey(kind, value))?.find((range) => holdsAt(range, usage.startedAt));
  return owner ? ownedBy(setup, owner.accountId, owner.productId) : null;
}

function sliceOf(setup: RootSetup, value: string): UsageOwner | null {
  const product = setup.products.get(BigInt(value));
  return product ? ownedBy(setup, product.accountId, product.id) : null;
}

function ownedBy(setup: RootSetup, accountId: bigint, lineId: bigint | null): UsageOwner | null {
  const account = setup.accounts.get(accountId);
  const payer = account && setup.accounts.get(account.payerId);
  return account && payer ? { account, payer, lineId } : null;
}

const serves = (product: SetupProduct, lineId: bigint | null): boolean =>
  product.accountWide || (lineId !== null && (product.id === lineId || product.attachedTo === lineId));

const NEVER_ACTIVE: ReadonlySet<ProductState> = new Set(['CREATED', 'PENDING_ACTIVE', 'CANCELLED', 'ABORTED']);

/** Whether the product had started and not ended at the instant. */
export const wasActive = (product: SetupProduct, at: number): boolean =>
  !NEVER_ACTIVE.has(product.state) && holdsAt({ from: product.startedAt, until: product.endedAt }, at);

function isSuspended(product: SetupProduct, usage: Pick<UsageEvent, 'kind' | 'direction'>, at: number): boolean {
  return product.suspensions.some((suspension) => holdsAt(suspension, at) && bars(suspension, product, usage));
}

function bars(suspension: Suspension, product: SetupProduct, usage: Pick<UsageEvent, 'kind' | 'direction'>): boolean {
  if (suspension.reason === 'RENEWAL_UNPAID' && product.terms.unpaidRenewal === 'CONTINUE_AT_USAGE_PRICES') return false;
  if (suspension.level === 'OUTGOING') return usage.direction !== 'INCOMING';
  return suspension.level === 'ALL' || usage.kind === 'DATA';
}
