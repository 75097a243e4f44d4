import { Bucket, byMoneyTurn, byTurn, ServingBucket } from '../../balance';
import { AllowanceTerms, OfferingTerms } from '../../catalog';
import { GuidedUsage, SetupAccount, SetupProduct } from '../../guiding';
import { moneyAsset } from '../../platform/money';
import { attributeOf, isCodeOf } from '../../rating';
import { UsageEvent } from '../../usage/usage.types';
import { RootState } from '../work/root-state';

/** The terms that a unit bucket was granted by; null where its product is gone from the root. */
export function allowanceOf(root: RootState, bucket: Bucket): { readonly product: SetupProduct; readonly terms: AllowanceTerms } | null {
  const product = bucket.productId === null ? undefined : root.products.get(bucket.productId);
  const terms = product && (grantedBy(product.terms, bucket) ?? formerGrant(product, bucket));
  return product && terms ? { product, terms } : null;
}

const grantedBy = ({ allowances }: OfferingTerms, bucket: Bucket): AllowanceTerms | undefined =>
  allowances.find((allowance) => BigInt(allowance.id) === bucket.allowanceId);

/** A bucket of what the product was before its offering changed: late usage may still take it. */
function formerGrant({ formerTerms }: SetupProduct, bucket: Bucket): AllowanceTerms | undefined {
  for (const { terms } of formerTerms) {
    const found = grantedBy(terms, bucket);
    if (found) return found;
  }
  return undefined;
}

/** What a unit bucket can still give to a usage of its validity: what lapsed counts, because late usage may take it. */
export const unitsLeft = (bucket: Bucket): bigint =>
  bucket.state === 'EXPIRED' ? bucket.expired : bucket.value - bucket.reserved;

/** The unit buckets that serve the usage at its own time, in their turn (money-rules 3.1, 3.3). */
export function servingBuckets(
  root: RootState, guided: GuidedUsage, usage: UsageEvent, scopeBeforePriority: boolean,
): readonly ServingBucket[] {
  const serving: ServingBucket[] = [];
  for (const bucket of root.buckets.values()) {
    if (bucket.kind !== 'UNIT' || bucket.asset !== usage.unit || !isUsableAt(bucket, usage.startedAt)) continue;
    const isOwn = bucket.accountId === guided.account.id;
    const found = allowanceOf(root, bucket);
    if (!found || !(bucket.isShared || (isOwn && guided.products.includes(found.product)))) continue;
    const scope = scopeOf(found.terms, usage);
    if (scope === null) continue;
    serving.push({ bucket, scope, isOwn, step: found.terms.step, isBlocking: found.terms.whenUsedUp === 'BLOCK' });
  }
  return blockingLast(serving.sort(byTurn(scopeBeforePriority)));
}

/** An allowance blocks when all of it is used up: of its buckets (what rolled over, this period's) only the last in turn does. */
function blockingLast(serving: readonly ServingBucket[]): readonly ServingBucket[] {
  if (serving.length < 2 || !serving.some(({ isBlocking }) => isBlocking)) return serving;
  const isSame = (a: Bucket, b: Bucket): boolean => a.productId === b.productId && a.allowanceId === b.allowanceId;
  return serving.map((turn, index) => (turn.isBlocking && serving.slice(index + 1).some(({ bucket }) => isSame(bucket, turn.bucket))
    ? { ...turn, isBlocking: false } : turn));
}

const isUsableAt = (bucket: Bucket, at: number): boolean =>
  (bucket.state === 'ACTIVE' || bucket.state === 'EXPIRED')
  && at >= bucket.validFrom && (bucket.validUntil === null || at < bucket.validUntil);

/** How narrowly an allowance fits; null where it does not serve the usage. */
function scopeOf(terms: AllowanceTerms, usage: UsageEvent): number | null {
  if (terms.usageKind !== usage.kind) return null;
  for (const condition of terms.conditions) {
    const value = attributeOf(usage, condition.attribute);
    if (value === null || !condition.in.includes(value)) return null;
  }
  const asksKind = terms.conditions.some(({ attribute }) => attribute === 'numberKind');
  const prefix = longestPrefix(terms.prefixes, usage.otherParty, isCodeOf(usage) && !asksKind);
  return prefix === null ? null : prefix + terms.conditions.length;
}

/** As the rater does: no prefix of a country matches the beginning of a code. */
function longestPrefix(prefixes: readonly string[], number: string | null, isWhole: boolean): number | null {
  if (prefixes.length === 0) return 0;
  let longest: number | null = null;
  for (const prefix of prefixes) {
    const matches = isWhole ? number === prefix : number?.startsWith(prefix);
    if (matches && prefix.length > (longest ?? -1)) longest = prefix.length;
  }
  return longest;
}

/**
 * The payer's money of a currency that may be spent at an instant, in its turn: promotional, paid, credit. An ended
 * promotion is among it for an instant inside its validity, because late usage may take what lapsed.
 */
export function moneyBuckets(root: RootState, payer: SetupAccount, currency: string, at: number): readonly Bucket[] {
  const asset = moneyAsset(currency);
  const purses: Bucket[] = [];
  for (const bucket of root.buckets.values()) {
    if (bucket.kind !== 'UNIT' && bucket.accountId === payer.id && bucket.asset === asset && isMoneyUsableAt(bucket, at)) purses.push(bucket);
  }
  return purses.length > 1 ? purses.sort(byMoneyTurn) : purses;
}

/** Paid money and credit have no beginning: usage from before the account's first money is paid by it too. */
const isMoneyUsableAt = (bucket: Bucket, at: number): boolean =>
  (bucket.state === 'ACTIVE' || (bucket.state === 'EXPIRED' && bucket.expired > 0n))
  && (bucket.kind !== 'PROMOTION' || at >= bucket.validFrom) && (bucket.validUntil === null || at < bucket.validUntil);

/** Where delivered over-use falls: on the payer's money even where its life has ended, because the service was given. */
export function overUseBuckets(root: RootState, payer: SetupAccount, currency: string): readonly Bucket[] {
  const asset = moneyAsset(currency);
  return [...root.buckets.values()]
    .filter((bucket) => (bucket.kind === 'MONEY' || bucket.kind === 'CREDIT') && bucket.accountId === payer.id && bucket.asset === asset)
    .sort(byMoneyTurn);
}
