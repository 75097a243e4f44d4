import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { actorOf, settle } from '../tenant';
import { requiredKey } from './caller';
import {
  PartnerActivateInput, PartnerCreateInput, PartnerSuspendInput, PartnerTerminateInput, PartnerValidateInput, SettlementAccountOpenInput,
} from './partner.input';
import { partnerLoader, settlementAccountLoader } from './partner.loader';
import {
  PartnerActivatePayload, PartnerCreatePayload, PartnerSuspendPayload, PartnerTerminatePayload, PartnerValidatePayload, SettlementAccountOpenPayload,
} from './partner.payload';
import type { PartnerStep } from './partner.rules';
import type { Partner } from './partner.type';
import { checkedName } from './text.rules';

const FINANCE: Role[] = ['FINANCE'];

/** Partners in their life. */
@Resolver()
export class PartnerMutations {
  @Authorized<Role>(FINANCE)
  @Mutation(() => PartnerCreatePayload, { description: 'Makes an organization a partner. May refuse with NOT_FOUND, CONFLICT (closed), ALREADY_EXISTS or OVERLOADED.' })
  partnerCreate(
    @Arg('input', () => PartnerCreateInput, { description: 'The organization.' }) input: PartnerCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<PartnerCreatePayload> {
    return settle(PartnerCreatePayload, 'partner', async () =>
      shown(context, await context.services.partners.create(actorOf(context), requiredKey(input.organizationId, ['Organization'], 'organizationId'))));
  }

  @Authorized<Role>(FINANCE)
  @Mutation(() => PartnerValidatePayload, { description: 'States that a partner\'s papers were checked. May refuse with NOT_FOUND, CONFLICT (another version or state) or OVERLOADED.' })
  partnerValidate(
    @Arg('input', () => PartnerValidateInput, { description: 'The partner.' }) input: PartnerValidateInput,
    @Ctx() context: RequestContext,
  ): Promise<PartnerValidatePayload> {
    return settle(PartnerValidatePayload, 'partner', () => step(context, 'partnerValidate', 'VALIDATE', input));
  }

  @Authorized<Role>(FINANCE)
  @Mutation(() => PartnerActivatePayload, { description: 'Begins, or begins again, to work with a partner. May refuse with NOT_FOUND, CONFLICT (another version or state) or OVERLOADED.' })
  partnerActivate(
    @Arg('input', () => PartnerActivateInput, { description: 'The partner.' }) input: PartnerActivateInput,
    @Ctx() context: RequestContext,
  ): Promise<PartnerActivatePayload> {
    return settle(PartnerActivatePayload, 'partner', () => step(context, 'partnerActivate', 'ACTIVATE', input));
  }

  @Authorized<Role>(FINANCE)
  @Mutation(() => PartnerSuspendPayload, { description: 'Settles nothing with a partner for now; shares go on being owed. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (another version or state) or OVERLOADED.' })
  partnerSuspend(
    @Arg('input', () => PartnerSuspendInput, { description: 'The partner, and why.' }) input: PartnerSuspendInput,
    @Ctx() context: RequestContext,
  ): Promise<PartnerSuspendPayload> {
    return settle(PartnerSuspendPayload, 'partner', () => step(context, 'partnerSuspend', 'SUSPEND', input, input.reason));
  }

  @Authorized<Role>(FINANCE)
  @Mutation(() => PartnerTerminatePayload, { description: 'Parts with a partner; what is owed is still stated and settled. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (another version or state, or an agreement in force or to come) or OVERLOADED.' })
  partnerTerminate(
    @Arg('input', () => PartnerTerminateInput, { description: 'The partner, and why.' }) input: PartnerTerminateInput,
    @Ctx() context: RequestContext,
  ): Promise<PartnerTerminatePayload> {
    return settle(PartnerTerminatePayload, 'partner', () => step(context, 'partnerTerminate', 'TERMINATE', input, input.reason));
  }

  @Authorized<Role>(FINANCE)
  @Mutation(() => SettlementAccountOpenPayload, { description: 'Opens the account in which a partner is settled in a currency. May refuse with NOT_FOUND, CONFLICT (terminated), ALREADY_EXISTS or OVERLOADED.' })
  settlementAccountOpen(
    @Arg('input', () => SettlementAccountOpenInput, { description: 'The account.' }) { partnerId, currency }: SettlementAccountOpenInput,
    @Ctx() context: RequestContext,
  ): Promise<SettlementAccountOpenPayload> {
    return settle(SettlementAccountOpenPayload, 'settlementAccount', async () => {
      const input = { partnerId: requiredKey(partnerId, ['Partner'], 'partnerId'), currency };
      const account = await settlementAccountLoader(context).load(await context.services.partners.openAccount(actorOf(context), input));
      if (!account) throw new Error('A settlement account that was opened is there.');
      return account;
    });
  }
}

async function step(
  context: RequestContext, operation: string, what: PartnerStep, input: PartnerValidateInput, reason: string | null = null,
): Promise<Partner> {
  return shown(context, await context.services.partners.step(actorOf(context), operation, what, {
    partnerId: requiredKey(input.partnerId, ['Partner'], 'partnerId'), expectedVersion: input.expectedVersion,
    reason: reason === null ? null : checkedName(reason, ['reason']),
  }));
}

async function shown(context: RequestContext, key: bigint): Promise<Partner> {
  const partner = await partnerLoader(context).load(key);
  if (!partner) throw new Error('A partner that was changed is there.');
  return partner;
}
