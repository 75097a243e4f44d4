import { Arg, Authorized, createParameterDecorator, Ctx, MiddlewareFn, Mutation, Resolver, UseMiddleware } from 'type-graphql';
import type { RequestContext } from '../context';
import { normaliseIdentifier } from '../party';
import type { Role } from '../platform/auth/caller';
import { SimpleUserError } from '../platform/errors';
import { MoneyMove } from '../platform/graphql';
import type { UsageInput } from '../usage/usage.input';
import type { UsageEvent } from '../usage/usage.types';
import { isSource, readUsage, UsageRules } from '../usage/usage.validate';
import { UsageChargeInput } from './usage-charge.input';
import { countsOf, outcomeOf, UsageChargePayload, UsageOutcome } from './usage-charge.payload';

const MOST_USAGES = 1_000;
const RAW = Symbol('usages as parsed');

interface RawArgs {
  input: UsageChargeInput;
  [RAW]?: readonly UsageInput[];
}

/** Hands the usages on as the parser left them: making class instances of them costs more than reading them. */
const keepUsagesRaw: MiddlewareFn<RequestContext> = ({ args }, next) => {
  const raw = args as unknown as RawArgs;
  raw[RAW] = raw.input.usages;
  raw.input = { ...raw.input, usages: [] };
  return next();
};
const RawUsages = () => createParameterDecorator<RequestContext>(({ args }) => (args as unknown as RawArgs)[RAW]);

/** Taking in usage from the network. */
@Resolver()
export class UsageChargeResolver {
  @Authorized<Role>(['NETWORK'])
  @MoneyMove()
  @UseMiddleware(keepUsagesRaw)
  @Mutation(() => UsageChargePayload, {
    description: 'Charges usages, each alone and each once by its id; one that cannot be read never harms the others. '
      + 'Errors of the call as a whole: INVALID_INPUT.',
  })
  async usageCharge(
    @Arg('input', () => UsageChargeInput, { description: 'The usages and who sends them.' }) { source, delivered }: UsageChargeInput,
    @RawUsages() usages: readonly UsageInput[],
    @Ctx() context: RequestContext,
  ): Promise<UsageChargePayload> {
    const error = callError(source, usages);
    if (error) return { ...countsOf([]), results: [], errors: [error] };
    const results = await charge(usages, await rulesOf(context, source), delivered, context);
    return { ...countsOf(results), results, errors: [] };
  }
}

function callError(source: string, usages: readonly UsageInput[]): SimpleUserError | null {
  if (!isSource(source)) {
    return new SimpleUserError('INVALID_INPUT', 'A source is 1 to 64 printable ASCII characters, and not one of the product\'s own.', ['source']);
  }
  if (usages.length >= 1 && usages.length <= MOST_USAGES) return null;
  return new SimpleUserError('INVALID_INPUT', `A call holds 1 to ${MOST_USAGES} usages.`, ['usages']);
}

async function rulesOf({ services, caller }: RequestContext, source: string): Promise<UsageRules> {
  const { settings } = await services.tenants.require(caller.tenantId);
  return { tenantId: caller.tenantId, source, plan: settings.dialPlan, normaliseIdentifier };
}

/** Reads every usage, charges those that can be read, and answers in the order asked. */
async function charge(
  usages: readonly UsageInput[], rules: UsageRules, delivered: boolean, { services }: RequestContext,
): Promise<UsageOutcome[]> {
  const read = usages.map((usage) => readUsage(usage, rules));
  const events: UsageEvent[] = [];
  for (const usage of read) if ('event' in usage) events.push(usage.event);
  const results = await services.charging.chargeUsage(events, { delivered, lateLimitDays: undefined });
  let next = 0;
  return read.map((usage, index) => {
    const at = ['usages', `${index}`];
    if ('fault' in usage) return invalid(usages[index]!, at, usage.fault);
    const { remark } = usage;
    return outcomeOf(results[next++]!, remark ? [{ message: remark.message, path: [...at, ...remark.path] }] : undefined);
  });
}

const LONGEST_ECHO = 128;

function invalid({ usageId }: UsageInput, at: readonly string[], fault: { readonly path: readonly string[]; readonly message: string }): UsageOutcome {
  return {
    usageId: usageId.slice(0, LONGEST_ECHO), status: 'INVALID', duplicate: false, charges: [], warnings: [],
    error: { code: 'INVALID_INPUT', message: fault.message, path: [...at, ...fault.path], retryable: false },
  };
}
