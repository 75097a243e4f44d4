import { createHash } from 'node:crypto';
import { Bucket, staysInRange } from '../../balance';
import { SetupAccount } from '../../guiding';
import { Amount, amount, moneyAsset } from '../../platform/money';
import { isoInstant, Statement } from '../../platform/db';
import { MoveAnswer, TopUpInput } from '../charging.api';
import { TenantFacts } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { applyDue } from './due';
import { MoveDecision, ReadRows, refused } from './move';
import { lifeAfterTopUp } from './prepaid-life';
import { moveError } from './refusals';

/** Vouchers are stored hashed: who reads the table cannot spend them. */
export const voucherHash = (code: string): Buffer => createHash('sha256').update(code.replace(/[\s-]/g, '').toUpperCase()).digest();

/** The statement that locks what funds the top-up, run after the root's lock. */
export function fundingRead(tenantId: number, funding: TopUpInput['funding']): readonly Statement[] {
  if (funding.kind === 'VOUCHER') {
    return [{
      name: 'take-voucher',
      text: `select amount, currency, state, floor(extract(epoch from valid_until) * 1000)::float8 as valid_until
               from voucher where tenant_id = $1 and code_hash = $2 for update`,
      values: [tenantId, voucherHash(funding.code)],
    }];
  }
  if (funding.kind === 'PAYMENT') {
    return [{
      name: 'take-payment',
      text: `select amount, currency, state, account_id from payment where tenant_id = $1 and channel = $2 and external_id = $3 for update`,
      values: [tenantId, funding.channel, funding.externalId],
    }];
  }
  return [];
}

interface Funds {
  readonly amount: Amount;
  readonly currency: string;
  readonly contra: string;
  readonly promotional: boolean;
  readonly validUntil: number | null;
  /** Marks the funding as used, at the position. */
  used(position: bigint, at: string): Statement | null;
}

/** Credits a top-up with its funding, and tries again what could not be paid before (money-rules 5.9, 5.10). */
export function decideTopUp(work: Work, root: RootState, input: TopUpInput, rows: ReadRows): MoveDecision {
  const { tenantId } = root.setup;
  const now = work.now(tenantId);
  const account = root.setup.accounts.get(input.accountId);
  if (!account || account.state === 'CLOSED') return refused([moveError('NOT_FOUND', 'No such account.', ['accountId'])], false);
  const funds = fundsOf(root.setup, input, rows[0]?.[0], now);
  if ('code' in funds) return refused([funds], false);
  if (funds.currency !== account.currency) return refused([moveError('CURRENCY_MISMATCH', `The account is kept in ${account.currency}.`)], false);
  if (funds.validUntil !== null && funds.validUntil <= now) {
    return refused([moveError('INVALID_INPUT', 'Money that is given ends later than now.', ['validUntil'])], false);
  }
  if (account.payerId !== account.id || (!funds.promotional && !prepaidBucket(root, account))) {
    return refused([moveError('NOT_ALLOWED', 'The account has no prepaid money of its own to top up.', ['accountId'])], false);
  }
  const purse = (funds.promotional ? null : prepaidBucket(root, account)) ?? promotionBucket(root, account, funds, now);
  if (!staysInRange(purse, funds.amount)) return refused([moveError('LIMIT_EXCEEDED', 'The balance would hold more than 18 digits.')], false);
  const position = root.nextPosition();
  if (purse.kind === 'PROMOTION') purse.granted = funds.amount;
  else prolong(purse, work.factsOf(tenantId), funds.amount, now);
  work.move(purse, root, position, { kind: 'TOP_UP', amount: funds.amount, contra: funds.contra });
  const used = funds.used(position, isoInstant(now));
  if (used) work.extra.push(used);
  const answer = moveAnswer(root, purse, position, funds.amount, now);
  retryUnpaid(work, root, now);
  return { kind: 'DONE', position, answer };
}

function fundsOf({ tenantId, rootId }: { readonly tenantId: number; readonly rootId: bigint }, input: TopUpInput, row: Record<string, unknown> | undefined, now: number): Funds | ReturnType<typeof moveError> {
  const { funding } = input;
  if (funding.kind === 'AGENT') {
    return { amount: funding.amount, currency: funding.currency, promotional: funding.promotional, validUntil: funding.validUntil,
      contra: funding.promotional ? 'promotion_expense' : 'cash', used: () => null };
  }
  if (funding.kind === 'VOUCHER') {
    const valid = row && row.state === 'ISSUED' && (row.valid_until as number) > now;
    if (!valid) return moveError('VOUCHER_INVALID', 'This voucher cannot be used.', ['voucherCode']);
    return { ...paidIn(row), used: (position, at) => ({
      name: 'use-voucher',
      text: `update voucher set state = 'USED', used_at = $3, used_root_id = $4, used_position = $5 where tenant_id = $1 and code_hash = $2`,
      values: [tenantId, voucherHash(funding.code), at, rootId.toString(), position.toString()],
    }) };
  }
  if (!row || row.state !== 'CONFIRMED' || row.account_id !== input.accountId.toString()) {
    return moveError('PAYMENT_NOT_CONFIRMED', 'No confirmed and unused payment with this id.', ['paymentId']);
  }
  return { ...paidIn(row), used: (position, at) => ({
    name: 'use-payment',
    text: `update payment set state = 'USED', used_at = $4, used_position = $5 where tenant_id = $1 and channel = $2 and external_id = $3`,
    values: [tenantId, funding.channel, funding.externalId, at, position.toString()],
  }) };
}

const paidIn = (row: Record<string, unknown>): Omit<Funds, 'used'> => ({
  amount: amount(BigInt(row.amount as string)), currency: row.currency as string, contra: 'cash', promotional: false, validUntil: null,
});

/** The account's own prepaid money; null for a postpaid account or one that another account pays for. */
export const prepaidBucket = (root: RootState, account: SetupAccount): Bucket | null =>
  [...root.buckets.values()].find((bucket) => bucket.kind === 'MONEY' && bucket.accountId === account.id) ?? null;

const promotionBucket = (root: RootState, account: SetupAccount, funds: Funds, now: number): Bucket => root.openBucket({
  accountId: account.id, productId: null, allowanceId: null, kind: 'PROMOTION', asset: moneyAsset(funds.currency), priority: 50,
  isShared: false, validFrom: now, validUntil: funds.validUntil,
});

/** The top-up's class sets how long the money lives; a top-up in grace revives all of it, and what lapsed before is final. */
function prolong(purse: Bucket, facts: TenantFacts, value: Amount, now: number): void {
  purse.validUntil = lifeAfterTopUp(purse.validUntil, value, now, facts.settings.topUpClasses);
  purse.expired = 0n;
}

/** Fees that could not be paid are tried again at every top-up. */
function retryUnpaid(work: Work, root: RootState, now: number): void {
  for (const product of root.products.values()) {
    if (product.unpaidSince !== null && product.nextRenewalAt !== null) root.changeProduct(product, { nextRenewalAt: now });
  }
  applyDue(work, root, now);
}

/** The answer of a move, as stored: integers as text. */
export function moveAnswer(root: RootState, bucket: Bucket, position: bigint, value: bigint, now: number): MoveAnswer {
  return {
    rootId: root.rootId.toString(), position: position.toString(), accountId: bucket.accountId.toString(), bucketId: bucket.id,
    amount: value.toString(), asset: bucket.asset, balanceAfter: bucket.value.toString(), at: isoInstant(now),
    spendableUntil: bucket.validUntil === null ? null : isoInstant(bucket.validUntil),
  };
}
