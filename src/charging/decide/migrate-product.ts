import { SetupAccount, SetupProduct } from '../../guiding';
import { isoInstant, Statement } from '../../platform/db';
import { DAY_MS, periodOf } from '../../platform/time';
import { MigrateInput, MoveError } from '../charging.api';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { newProduct, ORDERED_ALONE } from './activate';
import { applyDue } from './due';
import { assignIdentifiers, releaseIdentifiers } from './identifiers';
import { answered, lineOf, MigrationFacts } from './migrate-parts';
import { MoveDecision, refused } from './move';
import { moveError } from './refusals';
import { periodRule } from './renewal';

type ProductInput = Extract<MigrateInput, { readonly kind: 'PRODUCT' }>;

/** How far back the last bill of the old system may lie, and how far ahead: a mistyped year is none of both. */
const BILLED_WITHIN_MS = 400 * DAY_MS;

/**
 * Takes over a product that runs in the old system: no fee and no allowance until the instant to which it is billed; there
 * it renews like any other. What is left of its allowances is brought by rows of their own.
 */
export function decideMigrateProduct(work: Work, root: RootState, account: SetupAccount, input: ProductInput, facts: MigrationFacts): MoveDecision {
  const now = work.now(root.setup.tenantId);
  const wrong = wrongAccount(root, account, facts) ?? wrongTimes(input, now);
  if (wrong) return refused([wrong], false);
  const line = input.attachedTo && lineOf(root, account.id, input.attachedTo);
  if (input.attachedTo && !line) return refused([moveError('NOT_FOUND', 'The account has no line with this identifier.', ['attachedTo'])], false);
  const started = newProduct(facts.loader, {
    input: { accountId: account.id, identifiers: input.identifiers, attachedTo: line?.id ?? null }, terms: facts.terms!, productId: facts.productId!,
  }, input.startedAt);
  const product = billed(started, account, input.billedUntil);
  if (!('terms' in product)) return refused([product], false);
  const position = root.nextPosition();
  root.addProduct(product);
  if (input.identifiers.length > 0) work.extra.push(assignIdentifiers(root, product, input.identifiers));
  if (product.endedAt !== null) work.extra.push(releaseIdentifiers(root, product.id, product.endedAt));
  if (input.contractEndsAt !== null) work.extra.push(contractEnd(root, product.id, input.contractEndsAt));
  applyDue(work, root, now);
  return answered(root, position, { productId: product.id.toString() });
}

function wrongAccount(root: RootState, account: SetupAccount, { terms }: MigrationFacts): MoveError | null {
  if (!terms) return moveError('OFFERING_NOT_SOLD', 'No launched version of this offering is valid now.', ['offering']);
  if (terms.isSlice) return moveError('NOT_ALLOWED', ORDERED_ALONE, ['offering']);
  if (account.state !== 'ACTIVE') return moveError('NOT_FOUND', 'No such account.', ['accountId']);
  if (!terms.paymentModes.includes(account.paymentMode)) {
    return moveError('NOT_ALLOWED', `The offering is sold to ${terms.paymentModes.join(' and ')} accounts.`, ['offering']);
  }
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const foreign = [...terms.recurring, ...terms.usage].find((price) => price.currency !== payer.currency);
  return foreign ? moveError('CURRENCY_MISMATCH', `The offering is priced in ${foreign.currency}, the payer keeps ${payer.currency}.`, ['offering']) : null;
}

function wrongTimes({ startedAt, billedUntil, contractEndsAt }: ProductInput, now: number): MoveError | null {
  if (startedAt < 0 || startedAt > now) return moveError('INVALID_INPUT', 'A product that runs started in 1970 or later, and by now.', ['startedAt']);
  if (contractEndsAt !== null && contractEndsAt <= startedAt) return moveError('INVALID_INPUT', 'The contract ends before it starts.', ['contractEndsAt']);
  if (billedUntil === null) return null;
  if (billedUntil <= startedAt) return moveError('INVALID_INPUT', 'It is billed until before it starts.', ['billedUntil']);
  const apart = billedUntil > now ? billedUntil - now : now - billedUntil;
  return apart > BILLED_WITHIN_MS ? moveError('INVALID_INPUT', 'It is billed to within 400 days of now.', ['billedUntil']) : null;
}

/** The product in its running period, which is the one that the old system billed last. */
function billed(product: SetupProduct, account: SetupAccount, until: number | null): SetupProduct | MoveError {
  const rule = periodRule(product, account);
  if (!rule) {
    return until === null ? { ...product, periodStart: product.startedAt, nextRenewalAt: null }
      : moveError('INVALID_INPUT', 'The offering has no periods that could be billed.', ['billedUntil']);
  }
  if (until === null) return moveError('INVALID_INPUT', 'The offering has periods: say until when they are billed.', ['billedUntil']);
  const { start } = periodOf(rule, account.timeZone, until - 1);
  const periodStart = start > product.startedAt ? start : product.startedAt;
  const { autoRenew } = product.terms;
  return { ...product, periodStart, periodEnd: until, nextRenewalAt: autoRenew ? until : null, endedAt: autoRenew ? null : until };
}

const contractEnd = (root: RootState, productId: bigint, at: number): Statement => ({
  name: 'contract-end',
  text: 'update product set contract_ends_at = $3 where shard = $1 and id = $2',
  values: [root.shard, productId.toString(), isoInstant(at)],
});
