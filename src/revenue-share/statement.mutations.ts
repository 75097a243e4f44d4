import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { requiredKey } from '../party';
import type { Role } from '../platform/auth/caller';
import { MoneyMove } from '../platform/graphql';
import { actorOf, settle } from '../tenant';
import { StatementAcceptInput, StatementCloseInput, StatementDisputeInput, StatementPublishInput, StatementSettleInput } from './statement.input';
import { statementLoader } from './statement.loader';
import {
  StatementAcceptPayload, StatementClosePayload, StatementDisputePayload, StatementPublishPayload, StatementSettlePayload,
} from './statement.payload';
import type { StatementRef } from './statement.service';
import { RevenueShareStatement } from './statement.type';

/** From the close of a period to its settlement. */
@Resolver()
export class StatementMutations {
  @Authorized<Role>(['FINANCE'])
  @Mutation(() => StatementClosePayload, { description: 'Closes a month of a settlement account and calculates its statement; again, it gives the same statement. May refuse with NOT_FOUND, INVALID_INPUT (no first day), CONFLICT (not over, or an earlier month is open) or OVERLOADED.' })
  statementClose(
    @Arg('input', () => StatementCloseInput, { description: 'The account and the month.' }) { settlementAccountId, periodFrom }: StatementCloseInput,
    @Ctx() context: RequestContext,
  ): Promise<StatementClosePayload> {
    return settle(StatementClosePayload, 'statement', async () => shown(context, await context.services.statements.close(actorOf(context), {
      accountId: requiredKey(settlementAccountId, ['SettlementAccount'], 'settlementAccountId'), periodFrom,
    })));
  }

  @Authorized<Role>(['FINANCE'])
  @Mutation(() => StatementPublishPayload, { description: 'Numbers a calculated statement and shows it to its partner. May refuse with NOT_FOUND, CONFLICT (another version or state, or an earlier one is not published) or OVERLOADED.' })
  statementPublish(
    @Arg('input', () => StatementPublishInput, { description: 'The statement.' }) input: StatementPublishInput,
    @Ctx() context: RequestContext,
  ): Promise<StatementPublishPayload> {
    return settle(StatementPublishPayload, 'statement', async () =>
      shown(context, await context.services.statements.publish(actorOf(context), refOf(context, input))));
  }

  @Authorized<Role>(['PARTNER'])
  @Mutation(() => StatementAcceptPayload, { description: 'Takes a statement as right. May refuse with NOT_FOUND, CONFLICT (another version or state) or OVERLOADED.' })
  statementAccept(
    @Arg('input', () => StatementAcceptInput, { description: 'The statement.' }) input: StatementAcceptInput,
    @Ctx() context: RequestContext,
  ): Promise<StatementAcceptPayload> {
    return settle(StatementAcceptPayload, 'statement', async () =>
      shown(context, await context.services.statements.accept(actorOf(context), refOf(context, input))));
  }

  @Authorized<Role>(['PARTNER'])
  @Mutation(() => StatementDisputePayload, { description: 'Holds a statement to be wrong; what turns out to be wrong is corrected on the next. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (another version or state) or OVERLOADED.' })
  statementDispute(
    @Arg('input', () => StatementDisputeInput, { description: 'The statement, and what is wrong.' }) input: StatementDisputeInput,
    @Ctx() context: RequestContext,
  ): Promise<StatementDisputePayload> {
    return settle(StatementDisputePayload, 'statement', async () =>
      shown(context, await context.services.statements.dispute(actorOf(context), refOf(context, input), input.reason)));
  }

  @MoneyMove()
  @Authorized<Role>(['FINANCE'])
  @Mutation(() => StatementSettlePayload, { description: 'Books the payment of an accepted or disputed statement. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (another state, or a suspended partner), IDEMPOTENCY_KEY_REUSED or OVERLOADED.' })
  statementSettle(
    @Arg('input', () => StatementSettleInput, { description: 'The statement and its payment.' }) { statementId, reference, idempotencyKey }: StatementSettleInput,
    @Ctx() context: RequestContext,
  ): Promise<StatementSettlePayload> {
    return settle(StatementSettlePayload, 'statement', async () => shown(context, await context.services.statements.settle(actorOf(context),
      { statementId: requiredKey(statementId, ['RevenueShareStatement'], 'statementId') }, { key: idempotencyKey, reference })));
  }
}

/** What a partner's own token may name; a token of a partner without a partner reaches nothing. */
function refOf({ caller }: RequestContext, { statementId, expectedVersion }: StatementPublishInput): StatementRef {
  const partnerId = caller.role === 'PARTNER' ? caller.partnerId ?? 0n : null;
  return { statementId: requiredKey(statementId, ['RevenueShareStatement'], 'statementId'), expectedVersion, partnerId };
}

async function shown(context: RequestContext, key: bigint): Promise<RevenueShareStatement> {
  const statement = await statementLoader(context).load(key);
  if (!statement) throw new Error('A statement that was changed is there.');
  return statement;
}
