import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { AuditEntry, AuditFacts, recordAudit } from '../audit';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { inTransaction } from '../platform/db';
import { SimpleUserError, UserError } from '../platform/errors';
import { MoneyMove, Page, pageOf, registerNode } from '../platform/graphql';
import { isSenderKey } from '../usage/text.rules';
import { usageOf } from '../usage/usage.codec';
import { LONGEST_SOURCE } from '../usage/usage.validate';
import { QuarantinedUsageRedriveInput, QuarantinePageArgs } from './quarantined-usage.input';
import {
  countOpen, openUsages, quarantineCursor, quarantinedOf, QuarantineFilter, quarantineKeyOf, quarantineKeyOfId, QuarantineRecord, usagesByKey,
} from './quarantined-usage.loader';
import { QuarantinedUsageRedrivePayload } from './quarantined-usage.payload';
import { QuarantinedUsage, QuarantinedUsageConnection } from './quarantined-usage.type';
import { countsOf, outcomeOf, UsageOutcome } from './usage-charge.payload';

const HANDLERS: readonly Role[] = ['NETWORK', 'CRM_AGENT', 'FINANCE'];
const MAY_ACCEPT_LATE: readonly Role[] = ['CRM_AGENT', 'FINANCE'];
const MOST_DRIVEN = 1_000;

/** Usages put aside: to be seen, and driven again. */
@Resolver()
export class QuarantinedUsageResolver {
  @Authorized<Role>([...HANDLERS])
  @Query(() => QuarantinedUsageConnection, { description: 'What is put aside in the tenant, oldest first.' })
  async quarantinedUsages(@Args(() => QuarantinePageArgs) args: QuarantinePageArgs, @Ctx() context: RequestContext): Promise<Page<QuarantinedUsage>> {
    const filter = filterOf(args);
    const rows = canHold(filter) ? await openUsages(context, filter, args.after ?? null, args.first + 1) : [];
    return pageOf(rows, args, quarantinedOf, quarantineCursor(context.caller.tenantId));
  }

  @Authorized<Role>([...HANDLERS])
  @MoneyMove()
  @Mutation(() => QuarantinedUsageRedrivePayload, {
    description: 'Drives usages again that were put aside, at most 1,000 a call: what can be charged or refused by now is, and leaves the list; each '
      + 'is charged once however often it is driven. They count as delivered. Errors: INVALID_INPUT, NOT_FOUND, NOT_ALLOWED.',
  })
  async quarantinedUsageRedrive(
    @Arg('input', () => QuarantinedUsageRedriveInput, { description: 'Which usages.' }) input: QuarantinedUsageRedriveInput,
    @Ctx() context: RequestContext,
  ): Promise<QuarantinedUsageRedrivePayload> {
    const filter = filterOf(input);
    const chosen = await chosenBy(input, filter, context);
    if (chosen instanceof UserError) {
      await audit(context, 'REFUSED', { errorCode: chosen.code });
      return payload([], [chosen], canHold(filter) ? await countOpen(context, filter) : 0, null);
    }
    const results = await drive(chosen, input.acceptLate, context);
    const last = input.ids ? undefined : chosen.at(-1);
    return payload(results, [], await countOpen(context, filter), last ? quarantineCursor(context.caller.tenantId)(last) : null);
  }
}

const filterOf = ({ source = null, reason = null }: Partial<QuarantineFilter>): QuarantineFilter => ({ source, reason });

/** What no sender can be called is never put aside under it, and the database takes some of it for an error. */
const canHold = ({ source }: QuarantineFilter): boolean => source === null || isSenderKey(source, LONGEST_SOURCE);

async function chosenBy(
  input: QuarantinedUsageRedriveInput, filter: QuarantineFilter, context: RequestContext,
): Promise<QuarantineRecord[] | SimpleUserError> {
  if (input.acceptLate && !MAY_ACCEPT_LATE.includes(context.caller.role)) {
    return new SimpleUserError('NOT_ALLOWED', 'Only care and finance may charge what is beyond the late limit.', ['acceptLate']);
  }
  if (!canHold(filter)) return new SimpleUserError('INVALID_INPUT', `A sender is called by 1 to ${LONGEST_SOURCE} printable ASCII characters.`, ['source']);
  return input.ids ? byIds(input, context) : openUsages(context, filter, input.after ?? null, MOST_DRIVEN);
}

async function byIds({ ids, source, reason, after }: QuarantinedUsageRedriveInput, context: RequestContext): Promise<QuarantineRecord[] | SimpleUserError> {
  const list = ids ?? [];
  if (source || reason || after) return new SimpleUserError('INVALID_INPUT', 'Ids stand alone: without source, reason and after.', ['ids']);
  if (list.length === 0 || list.length > MOST_DRIVEN) return new SimpleUserError('INVALID_INPUT', `Must be 1 to ${MOST_DRIVEN} ids.`, ['ids']);
  const keys = list.map(quarantineKeyOfId);
  const known = keys.filter((key) => key !== null);
  const rows = known.length === list.length ? await usagesByKey(context, known) : keys;
  const missing = rows.findIndex((row) => row === null);
  return missing < 0 ? rows as QuarantineRecord[] : new SimpleUserError('NOT_FOUND', 'No such usage.', ['ids', `${missing}`]);
}

/** Every usage under its own key: one that was charged meanwhile only gets its first answer again. */
async function drive(rows: readonly QuarantineRecord[], acceptLate: boolean, context: RequestContext): Promise<UsageOutcome[]> {
  const options = { delivered: true, lateLimitDays: acceptLate ? null : undefined };
  const events = rows.map(({ body }) => usageOf(body));
  const results = (await context.services.charging.chargeUsage(events, options)).map((result) => outcomeOf(result));
  const { accepted, refused, quarantined } = countsOf(results);
  await audit(context, 'DONE', { acceptLate, acceptedCount: accepted, refusedCount: refused, quarantinedCount: quarantined });
  return results;
}

/** The audit row of a re-drive, made or refused. */
async function audit({ services, caller, requestId }: RequestContext, result: AuditEntry['result'], after: AuditFacts): Promise<void> {
  await inTransaction(services.pool, (tx) => recordAudit(tx, {
    tenantId: caller.tenantId, actor: caller.subject, role: caller.role, operation: 'quarantinedUsageRedrive', objectType: 'QuarantinedUsage',
    objectId: '', requestId, result, after,
  }));
}

const payload = (
  results: readonly UsageOutcome[], errors: UserError[], remaining: number, endCursor: string | null,
): QuarantinedUsageRedrivePayload => ({ ...countsOf(results), results, errors, remaining, endCursor });

registerNode('QuarantinedUsage', async (parts, context) => {
  const key = HANDLERS.includes(context.caller.role) ? quarantineKeyOf(parts) : null;
  const row = key && (await usagesByKey(context, [key]))[0];
  return row ? quarantinedOf(row) : null;
});
