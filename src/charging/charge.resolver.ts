import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { accountLoader, BillingAccount } from '../party';
import type { Role } from '../platform/auth/caller';
import { decodeId, Money, moneyOf, Page, PageArgs, registerNode } from '../platform/graphql';
import { amount } from '../platform/money';
import { Product, productLoader } from '../product';
import { explain } from './charge-explanation.loader';
import { chargePageLoader, usagePageLoader } from './charge-page.loader';
import { paidParts, shownPart } from './charge-payment.loader';
import { UsagePageArgs } from './charge.input';
import { chargeKeyOf, chargeLoader, refundedLoader, stateOf, usageOfCharge } from './charge.loader';
import {
  Charge, ChargeConnection, ChargeExplanation, ChargePayment, ChargeState, ChargeStateEnum, Usage, UsageConnection,
} from './charge.type';

const READERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];

/** Charges: what they cost, who paid, and why. */
@Resolver(() => Charge)
export class ChargeResolver {
  @Authorized<Role>([...READERS])
  @Query(() => Charge, { nullable: true, description: 'The charge with this id; null where it does not exist or is not for this caller.' })
  async charge(
    @Arg('id', () => ID, { description: 'Id of the charge.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Charge | null> {
    const key = chargeKeyOf(decodeId(id, 'Charge'));
    return key && chargeLoader(context).load(key);
  }

  @FieldResolver(() => ChargeStateEnum, { description: 'Whether it stands.' })
  async state(@Root() charge: Charge, @Ctx() context: RequestContext): Promise<ChargeState> {
    return stateOf(charge, await refundedLoader(context).load(charge));
  }

  @FieldResolver(() => Money, { description: 'What was given back of it so far, with tax.' })
  async refunded(@Root() charge: Charge, @Ctx() context: RequestContext): Promise<Money> {
    return moneyOf(amount(await refundedLoader(context).load(charge) ?? 0n), charge.currency);
  }

  @FieldResolver(() => Usage, { nullable: true, description: 'The usage it is for; null for a fee and for a refund.' })
  usage(@Root() charge: Charge): Usage | null {
    return usageOfCharge(charge);
  }

  @FieldResolver(() => Charge, { nullable: true, description: 'The charge that it takes back; null where it is no refund.' })
  async reversed(@Root() { rootId, reverses }: Charge, @Ctx() context: RequestContext): Promise<Charge | null> {
    return reverses === null ? null : chargeLoader(context).load({ rootId, position: reverses });
  }

  @FieldResolver(() => BillingAccount, { nullable: true, description: 'The account whose usage or fee it is; null where it is not for this caller.' })
  account(@Root() charge: Charge, @Ctx() context: RequestContext): Promise<BillingAccount | null> {
    return accountLoader(context).load(charge.accountId);
  }

  @FieldResolver(() => Product, { nullable: true, description: 'The product whose price made it; null where none did.' })
  async product(@Root() { productKey }: Charge, @Ctx() context: RequestContext): Promise<Product | null> {
    return productKey === null ? null : productLoader(context).load(productKey);
  }

  @FieldResolver(() => [ChargePayment], { description: 'What each bucket paid, in the order in which they were used; empty where nothing was due.' })
  async paidFrom(@Root() charge: Charge, @Ctx() context: RequestContext): Promise<ChargePayment[]> {
    return (await paidParts(charge, context)).map(shownPart);
  }

  @FieldResolver(() => ChargeExplanation, { description: 'Why it is what it is.' })
  explanation(@Root() charge: Charge, @Ctx() context: RequestContext): Promise<ChargeExplanation> {
    return explain(charge, context);
  }
}

/** A usage with its charge. */
@Resolver(() => Usage)
export class UsageResolver {
  @FieldResolver(() => Charge, { description: 'What it was charged, or that it was refused.' })
  charge(@Root() usage: Usage): Charge {
    return usage.charged;
  }
}

/** The history of a product. */
@Resolver(() => Product)
export class ProductUsageResolver {
  @FieldResolver(() => UsageConnection, { description: 'What was charged by its prices, newest first.' })
  usages(@Root() product: Product, @Args(() => UsagePageArgs) args: UsagePageArgs, @Ctx() context: RequestContext): Promise<Page<Usage>> {
    const { from = null, until = null, kinds = null } = args;
    return usagePageLoader(context, args, { from, until, kinds }).load(product.productKey);
  }
}

/** The history of an account. */
@Resolver(() => BillingAccount)
export class AccountChargeResolver {
  @FieldResolver(() => ChargeConnection, { description: 'Its charges, fees, refunds and refusals, newest first.' })
  charges(@Root() account: BillingAccount, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<Page<Charge>> {
    return chargePageLoader(context, page).load(account.accountId);
  }
}

registerNode('Charge', async (parts, context) => {
  const key = chargeKeyOf(parts);
  return key && chargeLoader(context).load(key);
});
registerNode('Usage', async (parts, context) => {
  const key = chargeKeyOf(parts);
  const charge = key && await chargeLoader(context).load(key);
  return charge && usageOfCharge(charge);
});
