import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { actorOf, settle } from '../tenant';
import type { AccountState } from './billing-account.entity';
import { billingAccountOf } from './billing-account.type';
import { AGENTS, optionalKey, requiredKey } from './caller';
import { BillingAccountCreateInput, BillingAccountStepInput, BillingAccountUpdateInput, SharingGroupCreateInput } from './party.input';
import { BillingAccountCreatePayload, BillingAccountStepPayload, BillingAccountUpdatePayload, SharingGroupCreatePayload } from './party.payload';
import { sharingGroupOf } from './sharing-group.type';

/** Opens and changes billing accounts, founds sharing groups. */
@Resolver()
export class AccountMutations {
  @Authorized<Role>([...AGENTS])
  @Mutation(() => BillingAccountCreatePayload, {
    description: 'Opens a billing account. May refuse with INVALID_INPUT, CURRENCY_MISMATCH, NOT_FOUND, CONFLICT, LIMIT_EXCEEDED (more credit than an agent may give) or OVERLOADED.',
  })
  billingAccountCreate(
    @Arg('input', () => BillingAccountCreateInput, { description: 'The account.' }) input: BillingAccountCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<BillingAccountCreatePayload> {
    return settle(BillingAccountCreatePayload, 'billingAccount', async () => {
      const { parentId, payerId, sharingGroupId, ...terms } = input;
      return billingAccountOf(await context.services.accounts.create(actorOf(context), {
        ...terms,
        customerId: requiredKey(input.customerId, ['Customer'], 'customerId'),
        parentId: optionalKey(parentId, 'BillingAccount', 'parentId'),
        payerId: optionalKey(payerId, 'BillingAccount', 'payerId'),
        sharingGroupRootId: optionalKey(sharingGroupId, 'SharingGroup', 'sharingGroupId'),
      }));
    });
  }

  @Authorized<Role>([...AGENTS, 'FINANCE'])
  @Mutation(() => BillingAccountUpdatePayload, {
    description: 'Changes name or credit limit; more credit than an agent may give is given by finance. May refuse with INVALID_INPUT, CURRENCY_MISMATCH, NOT_FOUND, CONFLICT (another version, closed), LIMIT_EXCEEDED or OVERLOADED.',
  })
  billingAccountUpdate(
    @Arg('input', () => BillingAccountUpdateInput, { description: 'The changes.' }) input: BillingAccountUpdateInput,
    @Ctx() context: RequestContext,
  ): Promise<BillingAccountUpdatePayload> {
    return settle(BillingAccountUpdatePayload, 'billingAccount', async () => {
      const { expectedVersion, name, creditLimit } = input;
      const accountId = requiredKey(input.billingAccountId, ['BillingAccount'], 'billingAccountId');
      return billingAccountOf(await context.services.accounts.update(actorOf(context), { accountId, expectedVersion, name, creditLimit }));
    });
  }

  @Authorized<Role>([...AGENTS])
  @Mutation(() => BillingAccountStepPayload, {
    description: 'Suspends a billing account: it buys nothing, sends nothing, and its usage is refused; fees of its products go on. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (another version or state) or OVERLOADED.',
  })
  billingAccountSuspend(
    @Arg('input', () => BillingAccountStepInput, { description: 'The account and why.' }) input: BillingAccountStepInput,
    @Ctx() context: RequestContext,
  ): Promise<BillingAccountStepPayload> {
    return step(context, input, 'SUSPENDED');
  }

  @Authorized<Role>([...AGENTS])
  @Mutation(() => BillingAccountStepPayload, {
    description: 'Lets a suspended billing account be used again. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (another version or state) or OVERLOADED.',
  })
  billingAccountResume(
    @Arg('input', () => BillingAccountStepInput, { description: 'The account and why.' }) input: BillingAccountStepInput,
    @Ctx() context: RequestContext,
  ): Promise<BillingAccountStepPayload> {
    return step(context, input, 'ACTIVE');
  }

  @Authorized<Role>([...AGENTS])
  @Mutation(() => BillingAccountStepPayload, {
    description: 'Closes a billing account for good and frees its numbers. It must have no running product, hold and owe nothing, and neither pay for nor stand above open accounts. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT or OVERLOADED.',
  })
  billingAccountClose(
    @Arg('input', () => BillingAccountStepInput, { description: 'The account and why.' }) input: BillingAccountStepInput,
    @Ctx() context: RequestContext,
  ): Promise<BillingAccountStepPayload> {
    return step(context, input, 'CLOSED');
  }

  @Authorized<Role>([...AGENTS])
  @Mutation(() => SharingGroupCreatePayload, {
    description: 'Founds a sharing group on an account. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT, ALREADY_EXISTS or OVERLOADED.',
  })
  sharingGroupCreate(
    @Arg('input', () => SharingGroupCreateInput, { description: 'The group.' }) input: SharingGroupCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<SharingGroupCreatePayload> {
    return settle(SharingGroupCreatePayload, 'sharingGroup', async () => {
      const ownerAccountId = requiredKey(input.ownerAccountId, ['BillingAccount'], 'ownerAccountId');
      return sharingGroupOf(await context.services.sharingGroups.create(actorOf(context), { ownerAccountId, name: input.name }));
    });
  }
}

function step(context: RequestContext, { expectedVersion, reason, ...input }: BillingAccountStepInput, to: AccountState): Promise<BillingAccountStepPayload> {
  return settle(BillingAccountStepPayload, 'billingAccount', async () => {
    const accountId = requiredKey(input.billingAccountId, ['BillingAccount'], 'billingAccountId');
    return billingAccountOf(await context.services.accountLife.step(actorOf(context), { accountId, expectedVersion, to, reason }));
  });
}
