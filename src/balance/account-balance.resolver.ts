import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { AccountBalanceView } from '../charging';
import type { RequestContext } from '../context';
import { BillingAccount } from '../party';
import { DateTimeScalar, Money, moneyOf } from '../platform/graphql';
import type { Amount } from '../platform/money';
import { balanceLoader } from './account-balance.loader';
import { BalanceFigures, figuresOf } from './account-balance.rules';
import { Bucket, bucketsOf } from './bucket.type';

/** What an account has, as it stands now: due renewals and lapsed money are already applied. */
@Resolver(() => BillingAccount)
export class AccountBalanceResolver {
  @FieldResolver(() => Money, { nullable: true, description: 'What can still be spent now, credit included, tax included; null where credit is unlimited.' })
  async spendable(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Money | null> {
    const { spendable, currency } = await balanceOf(account, context);
    return spendable === null ? null : moneyOf(spendable, currency);
  }

  @FieldResolver(() => Money, { nullable: true, description: 'Prepaid money, holds included; null for an account that has none of its own.' })
  async money(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Money | null> {
    return shown(account, (await figures(account, context)).money);
  }

  @FieldResolver(() => Money, { description: 'Money held for usage under way.' })
  async reserved(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Money> {
    return moneyOf((await figures(account, context)).reserved, account.currency);
  }

  @FieldResolver(() => Money, { description: 'Money that was given; it is spent first.' })
  async promotional(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Money> {
    return moneyOf((await figures(account, context)).promotional, account.currency);
  }

  @FieldResolver(() => Money, {
    nullable: true, description: 'What is owed and held on credit, tax included, billed or not; null for a prepaid account.',
  })
  async exposure(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Money | null> {
    return shown(account, (await figures(account, context)).exposure);
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'First instant at which its prepaid money can no longer be spent; null where it does not lapse.' })
  async spendableUntil(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Date | null> {
    return instant((await figures(account, context)).spendableUntil);
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'Until then a top-up revives prepaid money that can no longer be spent; null where it does not lapse.' })
  async graceUntil(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Date | null> {
    return instant((await figures(account, context)).graceUntil);
  }

  @FieldResolver(() => [Bucket], { description: 'Its live buckets, and the shared ones of its sharing group.' })
  async buckets(@Root() account: BillingAccount, @Ctx() context: RequestContext): Promise<Bucket[]> {
    return bucketsOf(await balanceOf(account, context));
  }
}

async function balanceOf({ accountId }: BillingAccount, context: RequestContext): Promise<AccountBalanceView> {
  const view = await balanceLoader(context).load(accountId);
  if (!view) throw new Error('An account that was just read has no balance.');
  return view;
}

async function figures(account: BillingAccount, context: RequestContext): Promise<BalanceFigures> {
  const view = await balanceOf(account, context);
  const { settings } = await context.services.tenants.require(context.caller.tenantId);
  return figuresOf(view, settings.graceDays);
}

const shown = ({ currency }: BillingAccount, value: Amount | null): Money | null => (value === null ? null : moneyOf(value, currency));
const instant = (at: number | null): Date | null => (at === null ? null : new Date(at));
