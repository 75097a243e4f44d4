import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { ChargeConnection, type Charge } from '../charging/charge.type';
import type { RequestContext } from '../context';
import { accountLoader, BillingAccount, visibleAccounts } from '../party';
import type { Role } from '../platform/auth/caller';
import { BigIntScalar, decodeId, decodeNumericId, encodeCursor, Money, moneyOf, type Page, PageArgs, pageOf, registerNode } from '../platform/graphql';
import { amount } from '../platform/money';
import { Product, productLoader } from '../product';
import { findRun } from './bill-run.store';
import { BillRun, billRunShown } from './bill-run.type';
import {
  allocationsOfBillLoader, allocationsOfPaymentLoader, billLoader, billPageLoader, creditLoader, documentKeyOf, lineCharges, linePageLoader, noteLinesLoader, notesLoader,
  paymentLoader, paymentPageLoader, keyIn, taxesLoader,
} from './bill.loader';
import { BillPreview } from './bill-preview.type';
import { AppliedCustomerBillingRate, AppliedCustomerBillingRateConnection, BillTax, CustomerBill, CustomerBillConnection } from './bill.type';
import { findByNumber, shownPreview } from './bill.reader';
import { BillAllocation, BillPayment, BillPaymentConnection, CreditNote, CreditNoteLine } from './payment.type';

const READERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE', 'AUDITOR'];

/** Bills and what hangs on them. */
@Resolver(() => CustomerBill)
export class BillResolver {
  @Authorized<Role>([...READERS])
  @Query(() => CustomerBill, { nullable: true, description: 'The issued bill with this id; null where it does not exist or is not for this caller.' })
  async customerBill(@Arg('id', () => ID, { description: 'Id of the bill.' }) id: string, @Ctx() context: RequestContext): Promise<CustomerBill | null> {
    const key = documentKeyOf(decodeId(id, 'CustomerBill'));
    return key && billLoader(context).load(key);
  }

  @Authorized<Role>([...READERS])
  @Query(() => CustomerBill, { nullable: true, description: 'The bill or statement with this number; null where it does not exist or is not for this caller.' })
  customerBillByNumber(
    @Arg('series', () => String, { description: 'Series as printed before the number, such as "B-2026".' }) series: string,
    @Arg('number', () => BigIntScalar, { description: 'Number within the series.' }) number: bigint,
    @Ctx() context: RequestContext,
  ): Promise<CustomerBill | null> {
    return findByNumber(context, series, number);
  }

  @Authorized<Role>(['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'])
  @Query(() => BillPreview, {
    nullable: true, description: 'The bill of the account\'s period under way, if it ended now; null where the account does not exist, is not for this caller, or is paid for by another.',
  })
  async billPreview(@Arg('accountId', () => ID, { description: 'The account.' }) id: string, @Ctx() context: RequestContext): Promise<BillPreview | null> {
    const accountId = decodeNumericId(id, 'BillingAccount');
    if (accountId === null || (await visibleAccounts(context.services.pool, context.caller, [accountId])).size === 0) return null;
    return shownPreview(context, accountId);
  }

  @Authorized<Role>(['FINANCE'])
  @Query(() => BillRun, { nullable: true, description: 'The bill run with this id; null where it does not exist.' })
  async billRun(@Arg('id', () => ID, { description: 'Id of the run.' }) id: string, @Ctx() { services, caller }: RequestContext): Promise<BillRun | null> {
    const key = decodeNumericId(id, 'BillRun');
    const run = key === null ? null : await findRun(services.pool, caller.tenantId, key);
    return run && billRunShown(run);
  }

  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account that owes it; null where it is not for this caller.' })
  account(@Root() { key }: CustomerBill, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(key.accountId);
  }

  @FieldResolver(() => AppliedCustomerBillingRateConnection, { description: 'Its lines, as printed.' })
  lines(@Root() { key }: CustomerBill, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<AppliedCustomerBillingRate>> {
    return linePageLoader(context, page).load(key);
  }

  @FieldResolver(() => [BillTax], { description: 'Its taxes, one a code, rate and tax sense.' })
  taxes(@Root() { key, total }: CustomerBill, @Ctx() context: RequestContext): Promise<BillTax[]> {
    return taxesLoader(context, total.currency).load(key);
  }

  @FieldResolver(() => [BillAllocation], { description: 'What it was paid with, oldest first.' })
  payments(@Root() { key }: CustomerBill, @Ctx() context: RequestContext): Promise<BillAllocation[]> {
    return allocationsOfBillLoader(context).load(key);
  }

  @FieldResolver(() => [CreditNote], { description: 'Its corrections, oldest first.' })
  creditNotes(@Root() { key }: CustomerBill, @Ctx() context: RequestContext): Promise<CreditNote[]> {
    return notesLoader(context).load(key);
  }
}

@Resolver(() => AppliedCustomerBillingRate)
export class BillLineResolver {
  @FieldResolver(() => Product, { nullable: true, description: 'The product whose price made it; null where none did, and where it is not for this caller.' })
  async product(@Root() { rule }: AppliedCustomerBillingRate, @Ctx() context: RequestContext): Promise<Product | null> {
    return rule.productId === null ? null : productLoader(context).load(rule.productId);
  }

  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account that used it, which may be one that the bill\'s account pays for; null where it is not for this caller.' })
  account(@Root() { rule }: AppliedCustomerBillingRate, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(rule.userAccountId);
  }

  @FieldResolver(() => ChargeConnection, { description: 'The charges in it, as they were booked; those of an account that is not for this caller are left out.' })
  charges(@Root() line: AppliedCustomerBillingRate, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<Charge>> {
    return lineCharges(context, line, page);
  }
}

@Resolver(() => BillPreview)
export class BillPreviewResolver {
  @FieldResolver(() => AppliedCustomerBillingRateConnection, { description: 'Its lines, as the bill would have them.' })
  lines(@Root() { accountKey, allLines }: BillPreview, @Args(() => PageArgs) page: PageArgs): Page<AppliedCustomerBillingRate> {
    const after = keyIn('previewLine', page.after, accountKey);
    const rows = allLines.filter((line) => BigInt(line.number) > after).slice(0, page.first + 1);
    return pageOf(rows, page, (line) => line, (line) => encodeCursor('previewLine', accountKey, line.number));
  }
}

@Resolver(() => BillAllocation)
export class BillAllocationResolver {
  @FieldResolver(() => CustomerBill, { nullable: true, description: 'The bill; null where it is not for this caller.' })
  bill(@Root() { billKey }: BillAllocation, @Ctx() context: RequestContext): Promise<CustomerBill | null> {
    return billLoader(context).load(billKey);
  }

  @FieldResolver(() => BillPayment, { nullable: true, description: 'The payment.' })
  payment(@Root() { payment }: BillAllocation, @Ctx() context: RequestContext): Promise<BillPayment | null> {
    return paymentLoader(context).load(payment);
  }
}

@Resolver(() => BillPayment)
export class BillPaymentResolver {
  @FieldResolver(() => [BillAllocation], { description: 'Bills that it paid.' })
  allocations(@Root() { place }: BillPayment, @Ctx() context: RequestContext): Promise<BillAllocation[]> {
    return allocationsOfPaymentLoader(context).load(place);
  }
}

@Resolver(() => CreditNote)
export class CreditNoteResolver {
  @FieldResolver(() => CustomerBill, { nullable: true, description: 'The bill that it corrects; null where it is not for this caller.' })
  bill(@Root() { billKey }: CreditNote, @Ctx() context: RequestContext): Promise<CustomerBill | null> {
    return billLoader(context).load(billKey);
  }

  @FieldResolver(() => [CreditNoteLine], { description: 'What it takes back, line by line.' })
  lines(@Root() { billKey, sequence }: CreditNote, @Ctx() context: RequestContext): Promise<CreditNoteLine[]> {
    return noteLinesLoader(context).load({ accountId: billKey.accountId, sequence });
  }
}

/** The bills of an account. */
@Resolver(() => BillingAccount)
export class AccountBillResolver {
  @FieldResolver(() => CustomerBillConnection, { description: 'Its issued bills and statements, newest first; none for an account that another pays for.' })
  bills(@Root() { accountId }: BillingAccount, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<CustomerBill>> {
    return billPageLoader(context, page).load(accountId);
  }

  @FieldResolver(() => BillPaymentConnection, { description: 'What was paid for its bills, newest first.' })
  billPayments(@Root() { accountId }: BillingAccount, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<BillPayment>> {
    return paymentPageLoader(context, page).load(accountId);
  }

  @FieldResolver(() => Money, { description: 'Money that was paid for bills and that no bill was paid with yet: it pays the next ones.' })
  async billCredit(@Root() { accountId, currency }: BillingAccount, @Ctx() context: RequestContext): Promise<Money> {
    return moneyOf(amount(await creditLoader(context).load(accountId)), currency);
  }
}

registerNode('CustomerBill', async (parts, context) => {
  const key = documentKeyOf(parts);
  return key && billLoader(context).load(key);
});
