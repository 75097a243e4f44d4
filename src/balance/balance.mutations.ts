import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { accountLoader, BillingAccount } from '../party';
import type { Role } from '../platform/auth/caller';
import { Money, MoneyMove, moneyOf } from '../platform/graphql';
import { settle } from '../tenant';
import { balanceLoader } from './account-balance.loader';
import { adjust, transfer } from './adjust.service';
import { BalanceAdjustInput, BalanceTransferInput, VoucherBatchCreateInput } from './balance.input';
import {
  adjustmentOf, BalanceAdjustPayload, BalanceTopUpPayload, BalanceTransferPayload, PaymentConfirmPayload, TopUp, topUpOf, transferOf,
  VoucherBatchCreatePayload,
} from './balance.payload';
import './move.loader';
import { confirmPayment } from './payment.service';
import { topUp } from './top-up.service';
import { BalanceTopUpInput, PaymentConfirmInput } from './top-up.input';
import { createVouchers } from './voucher.service';

/** Moves of money, and what funds them. */
@Resolver()
export class BalanceMutations {
  @Authorized<Role>(['SUBSCRIBER', 'CRM_AGENT', 'CHANNEL'])
  @MoneyMove()
  @Mutation(() => BalanceTopUpPayload, {
    description: 'Puts money into an account, always with its funding. May refuse with INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, LIMIT_EXCEEDED, CURRENCY_MISMATCH, VOUCHER_INVALID, PAYMENT_NOT_CONFIRMED, IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED. Ten refused vouchers in 15 minutes end in the GraphQL error RATE_LIMITED.',
  })
  balanceTopUp(
    @Arg('input', () => BalanceTopUpInput, { description: 'The account and the funding.' }) input: BalanceTopUpInput,
    @Ctx() context: RequestContext,
  ): Promise<BalanceTopUpPayload> {
    return settle(BalanceTopUpPayload, 'topUp', async () => topUpOf(await topUp(context, input)));
  }

  @Authorized<Role>(['FINANCE', 'CRM_AGENT'])
  @MoneyMove()
  @Mutation(() => BalanceAdjustPayload, {
    description: 'Corrects a bucket. May refuse with INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, LIMIT_EXCEEDED, CURRENCY_MISMATCH, BUCKET_EXPIRED, INSUFFICIENT_BALANCE, IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED.',
  })
  balanceAdjust(
    @Arg('input', () => BalanceAdjustInput, { description: 'The bucket and the correction.' }) input: BalanceAdjustInput,
    @Ctx() context: RequestContext,
  ): Promise<BalanceAdjustPayload> {
    return settle(BalanceAdjustPayload, 'adjustment', async () => adjustmentOf(await adjust(context, input)));
  }

  @Authorized<Role>(['SUBSCRIBER', 'CRM_AGENT'])
  @MoneyMove()
  @Mutation(() => BalanceTransferPayload, {
    description: 'Moves paid money to another prepaid account. May refuse with INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, LIMIT_EXCEEDED, CURRENCY_MISMATCH, INSUFFICIENT_BALANCE, IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED.',
  })
  balanceTransfer(
    @Arg('input', () => BalanceTransferInput, { description: 'From where to where, and how much.' }) input: BalanceTransferInput,
    @Ctx() context: RequestContext,
  ): Promise<BalanceTransferPayload> {
    return settle(BalanceTransferPayload, 'transfer', async () => transferOf(await transfer(context, input)));
  }

  @Authorized<Role>(['CHANNEL'])
  @MoneyMove()
  @Mutation(() => PaymentConfirmPayload, {
    description: 'Records a payment that the channel has received; a repeat with the same content gets the same answer. May refuse with INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, CURRENCY_MISMATCH, ALREADY_EXISTS or OVERLOADED.',
  })
  paymentConfirm(
    @Arg('input', () => PaymentConfirmInput, { description: 'The payment.' }) input: PaymentConfirmInput,
    @Ctx() context: RequestContext,
  ): Promise<PaymentConfirmPayload> {
    return settle(PaymentConfirmPayload, 'payment', () => confirmPayment(context, input));
  }

  @Authorized<Role>(['FINANCE'])
  @MoneyMove()
  @Mutation(() => VoucherBatchCreatePayload, {
    description: 'Makes vouchers and shows their codes, this once. May refuse with INVALID_INPUT, ALREADY_EXISTS or OVERLOADED.',
  })
  voucherBatchCreate(
    @Arg('input', () => VoucherBatchCreateInput, { description: 'How many of what value.' }) input: VoucherBatchCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<VoucherBatchCreatePayload> {
    return settle(VoucherBatchCreatePayload, 'voucherBatch', () => createVouchers(context, input));
  }
}

/** What of a top-up the caller may see as it is now. */
@Resolver(() => TopUp)
export class TopUpResolver {
  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account; null where it is not for this caller.' })
  account(@Root() { accountKey }: TopUp, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(accountKey);
  }

  @FieldResolver(() => Money, { nullable: true, description: 'What can be spent now; null where credit is unlimited, and for a channel.' })
  async newSpendable(@Root() { accountKey }: TopUp, @Ctx() context: RequestContext): Promise<Money | null> {
    if (!(await accountLoader(context).load(accountKey))) return null;
    const view = await balanceLoader(context).load(accountKey);
    return view?.spendable ? moneyOf(view.spendable, view.currency) : null;
  }
}
