import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { requiredKey } from '../party';
import type { Role } from '../platform/auth/caller';
import { refuse } from '../platform/errors';
import { parseAmount } from '../platform/money';
import { actorOf, settle } from '../tenant';
import {
  AgreementApproveInput, AgreementItemInput, AgreementPartyInput, AgreementProposeInput, AgreementRejectInput, AgreementTerminateInput,
} from './agreement.input';
import { agreementLoader } from './agreement.loader';
import { AgreementApprovePayload, AgreementProposePayload, AgreementRejectPayload, AgreementTerminatePayload } from './agreement.payload';
import type { ProposedPart } from './agreement.rules';
import type { AgreementProposal, AgreementRef } from './agreement.service';
import { Agreement } from './agreement.type';

/** Agreements are proposed by one person and decided by another. */
@Resolver()
export class AgreementMutations {
  @Authorized<Role>(['CATALOG_MANAGER'])
  @Mutation(() => AgreementProposePayload, { description: 'Proposes an agreement, or the next version of one. May refuse with INVALID_INPUT (percentages above 100 among it), NOT_FOUND, CONFLICT (one waits to be decided, a terminated partner) or OVERLOADED.' })
  agreementPropose(
    @Arg('input', () => AgreementProposeInput, { description: 'The agreement.' }) input: AgreementProposeInput,
    @Ctx() context: RequestContext,
  ): Promise<AgreementProposePayload> {
    return settle(AgreementProposePayload, 'agreement', async () =>
      shown(context, await context.services.agreements.propose(actorOf(context), proposalOf(input))));
  }

  @Authorized<Role>(['FINANCE'])
  @Mutation(() => AgreementApprovePayload, { description: 'Puts a proposed version in force, which ends the version before it. May refuse with NOT_FOUND, NOT_ALLOWED (the proposer), CONFLICT (decided, another agreement about the same charges, a partner not active), CURRENCY_MISMATCH (no settlement account in the currency), INVALID_INPUT (a start in the past or in the second that runs) or OVERLOADED.' })
  agreementApprove(
    @Arg('input', () => AgreementApproveInput, { description: 'The version.' }) input: AgreementApproveInput,
    @Ctx() context: RequestContext,
  ): Promise<AgreementApprovePayload> {
    return settle(AgreementApprovePayload, 'agreement', async () =>
      shown(context, await context.services.agreements.approve(actorOf(context), refOf(input))));
  }

  @Authorized<Role>(['FINANCE'])
  @Mutation(() => AgreementRejectPayload, { description: 'Refuses a proposed version for good. May refuse with NOT_FOUND, CONFLICT (decided), INVALID_INPUT or OVERLOADED.' })
  agreementReject(
    @Arg('input', () => AgreementRejectInput, { description: 'The version, and why.' }) input: AgreementRejectInput,
    @Ctx() context: RequestContext,
  ): Promise<AgreementRejectPayload> {
    return settle(AgreementRejectPayload, 'agreement', async () =>
      shown(context, await context.services.agreements.reject(actorOf(context), refOf(input), input.reason)));
  }

  @Authorized<Role>(['FINANCE'])
  @Mutation(() => AgreementTerminatePayload, { description: 'Ends an approved version at an instant; charges of before it are shared by it for ever. May refuse with NOT_FOUND, CONFLICT (not in force or to come), INVALID_INPUT or OVERLOADED.' })
  agreementTerminate(
    @Arg('input', () => AgreementTerminateInput, { description: 'The version, when, and why.' }) input: AgreementTerminateInput,
    @Ctx() context: RequestContext,
  ): Promise<AgreementTerminatePayload> {
    return settle(AgreementTerminatePayload, 'agreement', async () =>
      shown(context, await context.services.agreements.terminate(actorOf(context), refOf(input), input.at ?? null, input.reason)));
  }
}

const refOf = ({ agreementId, version }: AgreementApproveInput): AgreementRef =>
  ({ agreementId: requiredKey(agreementId, ['Agreement'], 'agreementId'), version });

const proposalOf = ({ code, name, currency, validFrom, items }: AgreementProposeInput): AgreementProposal => ({
  code, name, currency, validFrom: validFrom ?? null, items: items.map(itemOf),
});

const itemOf = ({ offeringCode, kind, basis, parties, residualPartnerId }: AgreementItemInput, index: number): AgreementProposal['items'][number] => ({
  offeringCode: offeringCode ?? null, kind: kind ?? null, basis,
  parts: parties.map((party, at) => partOf(party, ['items', `${index}`, 'parties', `${at}`])),
  residualPartnerId: residualPartnerId === null || residualPartnerId === undefined ? null : requiredKey(residualPartnerId, ['Partner'], 'residualPartnerId'),
});

function partOf({ partnerId, percent, perUnit }: AgreementPartyInput, path: readonly string[]): ProposedPart {
  const rate = perUnit && {
    amount: parseAmount(perUnit.amount) ?? refuse('INVALID_INPUT', 'An amount has at most six decimals.', [...path, 'perUnit', 'amount']),
    per: perUnit.per.amount, unit: perUnit.per.unit,
  };
  return { partnerId: requiredKey(partnerId, ['Partner'], 'partnerId'), percent: percent ?? null, rate: rate ?? null };
}

async function shown(context: RequestContext, key: bigint): Promise<Agreement> {
  const agreement = await agreementLoader(context).load(key);
  if (!agreement) throw new Error('An agreement that was changed is there.');
  return agreement;
}
