import { planMoney } from '../../balance';
import { FeePrice } from '../../catalog';
import { holdsAt, SetupAccount, SetupProduct, Suspension } from '../../guiding';
import { periodOf } from '../../platform/time';
import { ResumeInput, SuspendInput } from '../charging.api';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { bookCredits, planCredits } from './credit';
import { applyDue } from './due';
import { bookFee, DueFee, dueFee, grossOf, TaxRateMissing } from './fees';
import { doneWith, MoveDecision, ReadRows, refused } from './move';
import { moveError } from './refusals';
import { restShare } from './renewal';
import { moneyBuckets } from './serving';

const LIVES: ReadonlySet<SetupProduct['state']> = new Set(['ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE']);

const isOpen = (suspension: Suspension): boolean => suspension.until === null;

/** A product is active when no suspension is left; a named end stays named. */
export function liveState(product: Pick<SetupProduct, 'state'>, suspensions: readonly Suspension[]): SetupProduct['state'] {
  if (product.state === 'PENDING_TERMINATE') return product.state;
  return suspensions.some(isOpen) ? 'SUSPENDED' : 'ACTIVE';
}

/**
 * Adds a reason to the suspensions of a product. Where the customer wishes it the fee stops from the next day: its unused
 * rest is credited, and nothing renews until the product is resumed (money-rules 5.11); for other reasons it goes on.
 */
export function decideSuspend(work: Work, root: RootState, input: SuspendInput, rows: ReadRows): MoveDecision {
  const product = root.products.get(input.productId);
  if (!product) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  if (!LIVES.has(product.state)) return refused([moveError('CONFLICT', 'The product is not active.', ['productId'])], false);
  if (product.suspensions.some((s) => s.reason === input.reason && isOpen(s))) {
    return refused([moveError('CONFLICT', 'The product is suspended for this reason.', ['reason'])], false);
  }
  const now = work.now(root.setup.tenantId);
  const account = root.setup.accounts.get(product.accountId)!;
  const position = root.nextPosition();
  const isPausing = input.reason === 'CUSTOMER' && stopsFee(product);
  if (isPausing) {
    const payer = root.setup.accounts.get(account.payerId) ?? account;
    bookCredits(work, root, product, payer, planCredits(work, root, product, account, rows, nextDay(account, now)));
  }
  const suspensions = [...product.suspensions, { reason: input.reason, level: input.level, from: freshStart(product, input.reason, now), until: null }];
  root.changeProduct(product, { suspensions, state: liveState(product, suspensions), ...(isPausing && { nextRenewalAt: null }) }, now);
  return doneWith(root, product.id, position);
}

/** Takes a reason away; the product goes on where none is left, and a fee that stopped starts with the day. */
export function decideResume(work: Work, root: RootState, input: ResumeInput): MoveDecision {
  const product = root.products.get(input.productId);
  if (!product) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  const open = product.suspensions.find((s) => s.reason === input.reason && isOpen(s));
  if (!LIVES.has(product.state) || !open) return refused([moveError('CONFLICT', 'The product is not suspended for this reason.', ['reason'])], false);
  const now = work.now(root.setup.tenantId);
  const account = root.setup.accounts.get(product.accountId)!;
  const rest = input.reason === 'CUSTOMER' && isPaused(product) ? restOf(work, root, product, account, open, now) : NO_REST;
  if ('kind' in rest) return rest;
  const position = root.nextPosition();
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const purses = moneyBuckets(root, payer, payer.currency, now);
  for (const fee of rest.fees) bookFee(work, root, product, payer, purses, { ...fee, key: `${fee.key}:${position}` });
  const suspensions = product.suspensions.map((s) => (s === open ? { ...s, until: now > s.from ? now : s.from + 1 } : s));
  root.changeProduct(product, {
    suspensions, state: liveState(product, suspensions), ...(rest.renewsAt !== null && { nextRenewalAt: rest.renewsAt }),
  }, now);
  applyDue(work, root, now);
  return doneWith(root, product.id, position);
}

/** Whether the fee of a product that the customer lays down can stop: it renews, and its fee is paid. */
const stopsFee = (product: SetupProduct): boolean =>
  product.state !== 'PENDING_TERMINATE' && product.nextRenewalAt !== null && product.unpaidSince === null;

const isPaused = (product: SetupProduct): boolean =>
  product.nextRenewalAt === null && product.terms.autoRenew && product.periodEnd !== null && product.unpaidSince === null;

const nextDay = (account: SetupAccount, at: number): number => periodOf({ kind: 'DAY' }, account.timeZone, at).end;

/** Two suspensions of one reason never begin at one instant. */
function freshStart({ suspensions }: SetupProduct, reason: Suspension['reason'], now: number): number {
  const last = suspensions.filter((s) => s.reason === reason).reduce((latest, s) => (s.from > latest ? s.from : latest), now - 1);
  return last >= now ? last + 1 : now;
}

interface Rest {
  readonly fees: readonly DueFee[];
  readonly renewsAt: number | null;
}
const NO_REST: Rest = { fees: [], renewsAt: null };

/** What falls due with the end of a pause: the days that are left of the running period, or the next period at once. */
function restOf(work: Work, root: RootState, product: SetupProduct, account: SetupAccount, pause: Suspension, now: number): Rest | MoveDecision {
  const { periodEnd } = product;
  if (periodEnd === null || now >= periodEnd) return { fees: [], renewsAt: now };
  const stopped = nextDay(account, pause.from);
  const from = now > stopped ? now : stopped;
  if (from >= periodEnd) return { fees: [], renewsAt: periodEnd };
  const share = restShare(product, account, from);
  try {
    const fees = product.assignments.filter((assignment) => assignment.price.priceType === 'RECURRING' && holdsAt(assignment, now))
      .map(({ price }) => dueFee(work.factsOf(root.setup.tenantId), product, { ...price as FeePrice, isProrated: true }, 'change', now, share, periodEnd));
    const payer = root.setup.accounts.get(account.payerId) ?? account;
    const purses = moneyBuckets(root, payer, payer.currency, now);
    if (planMoney(purses, grossOf(fees)).short > 0n) {
      return refused([moveError(purses.some(({ kind }) => kind === 'CREDIT') ? 'CREDIT_LIMIT_REACHED' : 'INSUFFICIENT_BALANCE')], false);
    }
    return { fees, renewsAt: periodEnd };
  } catch (error) {
    if (error instanceof TaxRateMissing) return refused([moveError('RATING_FAILED', error.message, ['productId'])], false);
    throw error;
  }
}
