import { Bucket, staysInRange } from '../../balance';
import { SetupAccount, SetupProduct } from '../../guiding';
import { Amount, amount, moneyAsset } from '../../platform/money';
import { MigratedProduct, MigrateInput, MoveError } from '../charging.api';
import { CounterRecord } from '../sql/batch.sql';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { answered, lineOf, MigrationFacts } from './migrate-parts';
import { decideMigrateProduct } from './migrate-product';
import { MoveDecision, ReadRows, refused } from './move';
import { billCycleOf } from './periods';
import { hasLapsed } from './prepaid-life';
import { moveError } from './refusals';
import { SPEND_KEY } from './spend';
import { prepaidBucket } from './top-up';

/** The account of the chart against which everything is brought; it ends as the old system's balance, turned. */
const CONTRA = 'migration';

type Of<K extends MigrateInput['kind']> = Extract<MigrateInput, { readonly kind: K }>;

/** Brings one fact from another system. What cannot be is refused, not stored: a mended row may come under the same key. */
export function decideMigrate(work: Work, root: RootState, input: MigrateInput, facts: MigrationFacts, rows: ReadRows): MoveDecision {
  const account = root.setup.accounts.get(input.accountId);
  if (!account || account.state === 'CLOSED') return no('NOT_FOUND', 'No such account.', 'accountId');
  if ('currency' in input && input.currency !== account.currency) return no('CURRENCY_MISMATCH', `The account is kept in ${account.currency}.`, 'currency');
  if (!isMeant(input)) return no('INVALID_INPUT', 'Money is not zero; what is given, granted or counted is above zero.', 'quantity' in input ? 'quantity' : 'amount');
  switch (input.kind) {
    case 'MONEY': return money(work, root, account, input);
    case 'PROMOTION': return promotion(work, root, account, input);
    case 'UNITS': return units(work, root, input);
    case 'COUNTER': return counter(work, root, account, input, facts, rows);
    case 'SPEND': return spend(work, root, account, input, rows);
    case 'PRODUCT': return decideMigrateProduct(work, root, account, input, facts);
    default: return receivable(work, root, account, input);
  }
}

/** Only what a customer paid or owes may stand on the other side of zero. */
function isMeant(input: MigrateInput): boolean {
  switch (input.kind) {
    case 'PRODUCT': return true;
    case 'PROMOTION': return input.amount > 0n;
    case 'UNITS': return input.quantity > 0n;
    case 'COUNTER': return input.quantity > 0n && input.amount >= 0n && input.events >= 0n;
    case 'SPEND': return input.amount > 0n && input.events >= 0n;
    default: return input.amount !== 0n;
  }
}

const no = (code: MoveError['code'], message: string, ...path: readonly string[]): MoveDecision => refused([moveError(code, message, path)], false);
const tooMuch = (): MoveDecision => no('LIMIT_EXCEEDED', 'The bucket would hold more than 18 digits.', 'amount');
const noPurse = (what: string): MoveDecision => no('NOT_ALLOWED', `The account has no ${what} of its own.`, 'accountId');

/** Paid money; below zero where it was over-used. The account's own money is one bucket: its later end holds for all of it. */
function money(work: Work, root: RootState, account: SetupAccount, input: Of<'MONEY'>): MoveDecision {
  const purse = prepaidBucket(root, account);
  if (!purse) return noPurse('prepaid money');
  const { graceDays } = work.factsOf(root.setup.tenantId).settings;
  if (hasLapsed({ ...purse, validUntil: input.validUntil }, work.now(root.setup.tenantId), graceDays)) {
    return no('INVALID_INPUT', 'This money has lapsed, its days of grace included.', 'validUntil');
  }
  if (!staysInRange(purse, input.amount)) return tooMuch();
  purse.validUntil = purse.version === 0n ? input.validUntil : laterEnd(purse.validUntil, input.validUntil);
  return booked(work, root, purse, input.amount);
}

const laterEnd = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a > b ? a : b);

function promotion(work: Work, root: RootState, account: SetupAccount, input: Of<'PROMOTION'>): MoveDecision {
  if (account.payerId !== account.id) return noPurse('money');
  const now = work.now(root.setup.tenantId);
  const validFrom = input.validFrom ?? now;
  const wrong = wrongValidity(validFrom, input.validUntil, now);
  if (wrong) return wrong;
  const bucket = root.openBucket({
    accountId: account.id, productId: null, allowanceId: null, kind: 'PROMOTION', asset: moneyAsset(account.currency), priority: 50,
    isShared: false, validFrom, validUntil: input.validUntil,
  });
  bucket.granted = input.amount;
  return booked(work, root, bucket, input.amount);
}

/** What is left of an allowance, for as long as it holds; default: the product's running period. */
function units(work: Work, root: RootState, input: Of<'UNITS'>): MoveDecision {
  const product = productOf(root, input.accountId, input.product);
  if (!('terms' in product)) return product;
  const terms = product.terms.allowances.find(({ code }) => code === input.allowance);
  if (!terms) return no('NOT_FOUND', 'The offering has no such allowance.', 'allowance');
  if (terms.unit !== input.unit) return no('CURRENCY_MISMATCH', `The allowance counts in ${terms.unit}.`, 'unit');
  const now = work.now(root.setup.tenantId);
  const [validFrom, validUntil] = [input.validFrom ?? product.periodStart ?? now, input.validUntil ?? product.periodEnd];
  const wrong = wrongValidity(validFrom, validUntil, now);
  if (wrong) return wrong;
  const bucket = root.openBucket({
    accountId: product.accountId, productId: product.id, allowanceId: BigInt(terms.id), kind: 'UNIT', asset: terms.unit,
    priority: terms.priority, isShared: terms.isShared, validFrom, validUntil,
  });
  bucket.granted = input.quantity;
  return booked(work, root, bucket, input.quantity);
}

function wrongValidity(from: number, until: number | null, now: number): MoveDecision | null {
  if (until === null) return null;
  if (until <= now) return no('INVALID_INPUT', 'It has lapsed by now.', 'validUntil');
  return until <= from ? no('INVALID_INPUT', 'It ends before it begins.', 'validUntil') : null;
}

/** What was used of a tiered price in the running bill cycle of the payer. */
function counter(work: Work, root: RootState, account: SetupAccount, input: Of<'COUNTER'>, facts: MigrationFacts, rows: ReadRows): MoveDecision {
  const product = productOf(root, input.accountId, input.product);
  if (!('terms' in product)) return product;
  const price = product.terms.usage.find(({ priceId }) => priceId === facts.priceId);
  if (!price) return no('NOT_FOUND', 'The offering has no such usage price.', 'price');
  if (!price.definition.tiers) return no('INVALID_INPUT', 'This price has no tiers, so nothing is counted for it.', 'price');
  if (price.unit !== input.unit) return no('CURRENCY_MISMATCH', `The price counts in ${price.unit}.`, 'unit');
  return counted(work, root, account, { ...input, ownerId: product.id, key: `price:${price.priceId}` }, rows, [input.unit, input.quantity]);
}

/** What a member with a limit of his own took from his payer in the running bill cycle. */
function spend(work: Work, root: RootState, account: SetupAccount, input: Of<'SPEND'>, rows: ReadRows): MoveDecision {
  if (account.ownLimit === null) return no('NOT_ALLOWED', 'The account has no limit of its own towards a payer.', 'accountId');
  return counted(work, root, account, { ...input, quantity: 0n, ownerId: account.id, key: SPEND_KEY }, rows, [moneyAsset(account.currency), input.amount]);
}

interface Counted { readonly ownerId: bigint; readonly key: string; readonly quantity: bigint; readonly amount: Amount; readonly events: bigint }

function counted(
  work: Work, root: RootState, account: SetupAccount, add: Counted, rows: ReadRows, [asset, value]: readonly [string, bigint],
): MoveDecision {
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const periodStart = billCycleOf(payer, work.now(root.setup.tenantId)).start;
  const stored = (rows[0] as unknown as readonly CounterRecord[] | undefined)
    ?.find((row) => row.owner_id === add.ownerId.toString() && row.key === add.key && row.period_start === periodStart);
  const counter = work.counter(root, add.ownerId, add.key, periodStart,
    stored && { amount: BigInt(stored.amount), quantity: BigInt(stored.quantity), events: BigInt(stored.events) });
  if ([counter.amount + add.amount, counter.quantity + add.quantity].some((sum) => !staysInRange({ value: 0n }, sum))) return tooMuch();
  work.count(counter, add);
  return answered(root, root.nextPosition(), { asset, amount: value.toString() });
}

/** What is owed raises the exposure of the account's credit; what an issued bill asks for is a receivable from the first. */
function receivable(work: Work, root: RootState, account: SetupAccount, input: Of<'UNBILLED' | 'RECEIVABLE'>): MoveDecision {
  const purse = [...root.buckets.values()].find((bucket) => bucket.kind === 'CREDIT' && bucket.accountId === account.id);
  if (!purse) return noPurse('credit');
  if (!staysInRange(purse, -input.amount)) return tooMuch();
  return booked(work, root, purse, amount(-input.amount), { brought: input.amount, account: input.kind === 'RECEIVABLE' ? 'billed_receivable' : undefined });
}

function booked(
  work: Work, root: RootState, bucket: Bucket, value: bigint,
  { brought = value, account }: { readonly brought?: bigint; readonly account?: string } = {},
): MoveDecision {
  const position = root.nextPosition();
  work.move(bucket, root, position, { kind: 'MIGRATE', amount: value, contra: CONTRA, account });
  return answered(root, position, { asset: bucket.asset, amount: brought.toString(), booked: value.toString() });
}

const LIVE: ReadonlySet<SetupProduct['state']> = new Set(['ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE']);

/** The one running product of the account that is meant, or why it cannot be told. */
function productOf(root: RootState, accountId: bigint, { offering, line }: MigratedProduct): SetupProduct | MoveDecision {
  const owner = line && lineOf(root, accountId, line);
  if (line && !owner) return no('NOT_FOUND', 'The account has no line with this identifier.', 'line');
  const found = [...root.products.values()].filter((product) => product.accountId === accountId && product.terms.code === offering
    && LIVE.has(product.state) && (!owner || product.id === owner.id || product.attachedTo === owner.id));
  if (found.length === 1) return found[0]!;
  return found.length === 0 ? no('NOT_FOUND', 'The account has no running product of this offering.', 'offering')
    : no('CONFLICT', 'The account has several products of this offering: name the line.', 'line');
}
