import type { DataSource } from 'typeorm';
import { formatAmount } from '../platform/money';
import { refuse } from '../platform/errors';
import { lockRoot, raiseSetupVersion, RootRef, shardedId, shardOfId, shardOfNumber } from '../platform/root';
import { Actor, businessNow, Change, changeAudited } from '../tenant';
import { insertAccount, limitColumns, lockOpenAccount, requireOpen, updateAccount } from './account.store';
import { requireAgentLimit } from './agent-limit';
import type { AccountOpening, OpenedAccount } from './account-opening';
import {
  checkedCreditLimit, checkedCurrency, checkedCycleDay, checkedTimeZone, CreditLimit, CreditLimitInput, creditLimitOf, isWithin,
} from './account.rules';
import { BillingAccountEntity, PaymentMode } from './billing-account.entity';
import { CustomerEntity } from './customer.entity';
import { SharingGroupEntity } from './sharing-group.entity';
import { SharingGroupMemberEntity } from './sharing-group-member.entity';
import { checkedName } from './text.rules';

export interface NewAccount {
  readonly customerId: bigint;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly billCycleDay: number;
  readonly paymentMode: PaymentMode;
  readonly creditLimit?: CreditLimitInput | null;
  /** The account above it in the organization's tree; any depth. A new account has nothing below it, so no cycle can close. */
  readonly parentId?: bigint | null;
  /** Who pays for it: an account of the same root; itself where absent. */
  readonly payerId?: bigint | null;
  /** Root of the sharing group that it joins; its own root where absent. */
  readonly sharingGroupRootId?: bigint | null;
}

export interface AccountChanges {
  readonly accountId: bigint;
  readonly expectedVersion: number;
  readonly name?: string | null;
  readonly creditLimit?: CreditLimitInput | null;
}

const OBJECT_TYPE = 'BillingAccount';

/** Opens and changes billing accounts. Every use-case refuses by throwing Refusal, before its first write. */
export class AccountService {
  constructor(private readonly data: DataSource, private readonly opening: AccountOpening) {}

  /** Opens an account. @throws Refusal INVALID_INPUT, CURRENCY_MISMATCH, NOT_FOUND, CONFLICT, LIMIT_EXCEEDED */
  create(actor: Actor, input: NewAccount): Promise<BillingAccountEntity> {
    const terms = checkedTerms(input);
    return changeAudited(this.data, actor, 'billingAccountCreate', { type: OBJECT_TYPE, id: '' }, async (change) => {
      const place = await this.placeOf(change, actor.tenantId, input);
      await requireFitting(change, actor.tenantId, input, terms, place);
      await requireAgentLimit(change, actor, terms.limit, terms.row.currency);
      const account = await insertAccount(change, {
        ...place, ...terms.row, tenantId: actor.tenantId, customerId: input.customerId,
        parentId: input.parentId ?? null, payerId: input.payerId ?? place.id,
      });
      await this.openInRoot(change, account);
      return { result: account, audit: { objectType: OBJECT_TYPE, objectId: account.id.toString(), after: factsOf(account) } };
    });
  }

  /** Changes name or credit limit. @throws Refusal INVALID_INPUT, CURRENCY_MISMATCH, NOT_FOUND, CONFLICT (newer version, closed), LIMIT_EXCEEDED */
  update(actor: Actor, input: AccountChanges): Promise<BillingAccountEntity> {
    const name = input.name === null || input.name === undefined ? null : checkedName(input.name, ['name']);
    if (name === null && !input.creditLimit) refuse('INVALID_INPUT', 'Nothing is to be changed: give a name or a credit limit.');
    const object = { type: OBJECT_TYPE, id: input.accountId.toString() };
    return changeAudited(this.data, actor, 'billingAccountUpdate', object, async (change) => {
      const before = await lockOpenAccount(change, actor.tenantId, input.accountId, ['billingAccountId']);
      if (before.version !== input.expectedVersion) refuse('CONFLICT', `The account has version ${before.version}; read it again.`, ['expectedVersion']);
      const limit = input.creditLimit ? await newLimit(change, before, input.creditLimit) : null;
      await requireAgentLimit(change, actor, limit, before.currency);
      const after = await updateAccount(change, before, name, limit);
      if (limit) await this.opening.limitChanged(change.client, await openedOf(change, after));
      await raiseSetupVersion(change.client, after);
      return { result: after, audit: { objectType: OBJECT_TYPE, objectId: object.id, before: factsOf(before), after: factsOf(after) } };
    });
  }

  /** The new account's id and root: its own, or that of the group it joins, whose lock is then held. */
  private async placeOf(change: Change, tenantId: number, input: NewAccount): Promise<Place> {
    const { rows } = await change.client.query<{ number: string }>(`select nextval('account_number') as number`);
    const number = BigInt(rows[0].number);
    const groupRoot = input.sharingGroupRootId ?? null;
    const shard = groupRoot === null ? shardOfNumber(number) : shardOfId(groupRoot);
    const id = shardedId(number, shard);
    if (groupRoot === null) return { shard, rootId: id, id };
    const group = await change.manager.findOneBy(SharingGroupEntity, { shard, rootId: groupRoot, tenantId });
    if (!group) refuse('NOT_FOUND', 'No such sharing group.', ['sharingGroupId']);
    await lockRoot(change.client, group);
    return { shard, rootId: groupRoot, id };
  }

  private async openInRoot(change: Change, account: BillingAccountEntity): Promise<void> {
    const opened = await openedOf(change, account);
    await this.opening.openBuckets(change.client, opened);
    if (account.rootId === account.id) return;
    const { shard, rootId, id: accountId, tenantId } = account;
    await change.manager.insert(SharingGroupMemberEntity, { shard, rootId, accountId, tenantId, validFrom: new Date(opened.at) });
    await raiseSetupVersion(change.client, account);
  }
}

/** Where a new account lives: its id carries the shard of its root. */
interface Place extends RootRef {
  readonly id: bigint;
}

/** What an account is, checked, as its row holds it. */
export interface CheckedTerms {
  readonly limit: CreditLimit | null;
  readonly row: Pick<BillingAccountEntity, 'name' | 'currency' | 'timeZone' | 'billCycleDay' | 'paymentMode' | 'creditLimitKind' | 'creditLimit'>;
}

/** @throws Refusal INVALID_INPUT, CURRENCY_MISMATCH */
export function checkedTerms(input: Omit<NewAccount, 'customerId'>): CheckedTerms {
  const currency = checkedCurrency(input.currency, ['currency']);
  const limit = checkedCreditLimit(input.paymentMode, currency, input.creditLimit, ['creditLimit']);
  return {
    limit,
    row: {
      name: checkedName(input.name, ['name']),
      currency,
      timeZone: checkedTimeZone(input.timeZone, ['timeZone']),
      billCycleDay: checkedCycleDay(input.billCycleDay, ['billCycleDay']),
      paymentMode: input.paymentMode,
      ...limitColumns(limit),
    },
  };
}

/** What the new account stands on must exist in the tenant, live, and agree with it. */
async function requireFitting(
  change: Change, tenantId: number, input: NewAccount, terms: CheckedTerms, place: Place,
): Promise<void> {
  const customer = await change.manager.findOneBy(CustomerEntity, { id: input.customerId.toString(), tenantId });
  if (!customer) refuse('NOT_FOUND', 'No such customer.', ['customerId']);
  if (customer.state === 'CLOSED') refuse('CONFLICT', 'The customer is closed.', ['customerId']);
  if (input.parentId) await requireOpen(change, tenantId, input.parentId, ['parentId']);
  if (place.rootId !== place.id) {
    const owner = await requireOpen(change, tenantId, place.rootId, ['sharingGroupId']);
    if (owner.currency !== terms.row.currency) refuse('CURRENCY_MISMATCH', 'Accounts that share have one currency.', ['currency']);
  }
  if (input.payerId) await requirePayer(change, tenantId, input.payerId, terms.limit, place);
}

async function requirePayer(
  change: Change, tenantId: number, payerId: bigint, limit: CreditLimit | null, place: RootRef,
): Promise<void> {
  const payer = await requireOpen(change, tenantId, payerId, ['payerId']);
  if (payer.rootId !== place.rootId) refuse('CONFLICT', 'The payer draws on another root: join its sharing group.', ['payerId']);
  if (payer.payerId !== payer.id) refuse('CONFLICT', 'The payer does not pay for itself.', ['payerId']);
  if (!isWithin(limit, creditLimitOf(payer))) refuse('INVALID_INPUT', 'The credit limit may only be tighter than the payer\'s.', ['creditLimit']);
}

async function newLimit(change: Change, account: BillingAccountEntity, input: CreditLimitInput): Promise<CreditLimit | null> {
  const limit = checkedCreditLimit(account.paymentMode, account.currency, input, ['creditLimit']);
  if (account.payerId !== account.id) await requirePayer(change, account.tenantId, account.payerId, limit, account);
  return limit;
}

async function openedOf(change: Change, account: BillingAccountEntity): Promise<OpenedAccount> {
  const { tenantId, shard, rootId, id: accountId, payerId, currency, timeZone, paymentMode } = account;
  const at = (await businessNow(change.client, tenantId)).getTime();
  return { tenantId, shard, rootId, accountId, payerId, currency, timeZone, paymentMode, creditLimit: creditLimitOf(account), at };
}

/** What an audit row tells of an account. */
export const factsOf = (account: BillingAccountEntity): Record<string, string | null> => {
  const limit = creditLimitOf(account);
  return {
    customerId: account.customerId.toString(), rootId: account.rootId.toString(), payerId: account.payerId.toString(),
    paymentMode: account.paymentMode, version: account.version.toString(), creditLimitKind: limit?.kind ?? null,
    creditLimit: limit?.kind === 'AMOUNT' ? formatAmount(limit.amount, account.currency) : null,
  };
};
