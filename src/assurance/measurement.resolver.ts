import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { recordAudit } from '../audit';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { inTransaction } from '../platform/db';
import { SimpleUserError } from '../platform/errors';
import { MoneyMove, Page, pageOf } from '../platform/graphql';
import { actorOf } from '../tenant';
import { isSource } from '../usage/usage.validate';
import { SliceMeasurementInput, SliceMeasurementReportInput, UnguidedPageArgs, UnguidedRedriveInput } from './measurement.input';
import type { MeasurementResult } from './measurement.intake';
import {
  countsOf, MeasurementOutcome, MeasurementReportPayload, shownResult, UnguidedMeasurement, UnguidedMeasurementConnection, UnguidedRedrivePayload,
} from './measurement.payload';
import { readMeasurement } from './measurement.validate';
import { measurementIn, openMeasurements, unguidedCursor, unguidedOf } from './unguided.loader';

const HANDLERS: readonly Role[] = ['NETWORK', 'CRM_AGENT', 'FINANCE'];
const MOST = 500;
const LONGEST_ECHO = 128;

/** Measurements of slices from the network, and those that are put aside. */
@Resolver()
export class MeasurementResolver {
  @Authorized<Role>(['NETWORK'])
  @MoneyMove()
  @Mutation(() => MeasurementReportPayload, {
    description: 'Takes measurements of slices in, each alone and each once by its id; one that cannot be read never harms the others. Volume is charged at '
      + 'once, device counts and availability when their period is settled. Errors of the call as a whole: INVALID_INPUT.',
  })
  async sliceMeasurementReport(
    @Arg('input', () => SliceMeasurementReportInput, { description: 'The measurements and who sends them.' }) { source, measurements }: SliceMeasurementReportInput,
    @Ctx() context: RequestContext,
  ): Promise<MeasurementReportPayload> {
    const error = callError(source, measurements);
    if (error) return { ...countsOf([]), results: [], errors: [error] };
    const results = await report(source, measurements, context);
    return { ...countsOf(results), results, errors: [] };
  }

  @Authorized<Role>([...HANDLERS])
  @Query(() => UnguidedMeasurementConnection, { description: 'Measurements of slices that are put aside in the tenant, oldest first.' })
  async unguidedSliceMeasurements(@Args(() => UnguidedPageArgs) args: UnguidedPageArgs, @Ctx() context: RequestContext): Promise<Page<UnguidedMeasurement>> {
    const rows = await openMeasurements(context, args.reason ?? null, args.after ?? null, args.first + 1);
    return pageOf(rows, args, unguidedOf, unguidedCursor(context.caller.tenantId));
  }

  @Authorized<Role>([...HANDLERS])
  @MoneyMove()
  @Mutation(() => UnguidedRedrivePayload, {
    description: 'Drives measurements again that were put aside, at most 500 a call, the oldest first: what can be taken in by now is, and leaves the list. It has no errors of its own.',
  })
  async unguidedSliceMeasurementRedrive(
    @Arg('input', () => UnguidedRedriveInput, { description: 'Which measurements.' }) { reason, after }: UnguidedRedriveInput,
    @Ctx() context: RequestContext,
  ): Promise<UnguidedRedrivePayload> {
    const rows = await openMeasurements(context, reason ?? null, after ?? null, MOST);
    const taken = await take(rows.map(measurementIn), context);
    const results = taken.map((result) => shownResult(result, []));
    const counts = countsOf(results);
    await inTransaction(context.services.pool, (tx) => recordAudit(tx, {
      ...actorOf(context), actor: context.caller.subject, operation: 'unguidedSliceMeasurementRedrive', objectType: 'UnguidedSliceMeasurement', objectId: '', result: 'DONE',
      after: { acceptedCount: counts.accepted, putAsideCount: counts.putAside },
    }));
    const last = rows.at(-1);
    return { ...counts, results, errors: [], endCursor: last ? unguidedCursor(context.caller.tenantId)(last) : null };
  }
}

function callError(source: string, measurements: readonly SliceMeasurementInput[]): SimpleUserError | null {
  if (!isSource(source)) {
    return new SimpleUserError('INVALID_INPUT', 'A source is 1 to 64 printable ASCII characters, and not one of the product\'s own.', ['source']);
  }
  if (measurements.length >= 1 && measurements.length <= MOST) return null;
  return new SimpleUserError('INVALID_INPUT', `A call holds 1 to ${MOST} measurements.`, ['measurements']);
}

async function take(measurements: Parameters<RequestContext['services']['measurements']['take']>[1], { services, caller }: RequestContext): Promise<MeasurementResult[]> {
  const { settings } = await services.tenants.require(caller.tenantId);
  return services.measurements.take(caller.tenantId, measurements, settings.lateLimitDays);
}

/** Reads every measurement, takes in those that can be read, and answers in the order asked. */
async function report(source: string, inputs: readonly SliceMeasurementInput[], context: RequestContext): Promise<MeasurementOutcome[]> {
  const { services, caller } = context;
  const { settings } = await services.tenants.require(caller.tenantId);
  const latest = await services.charging.now(caller.tenantId) + settings.futureToleranceSeconds * 1000;
  const read = inputs.map((input) => readMeasurement(input, { source, latest, longestVolumeMs: settings.maximumUsageSeconds * 1000 }));
  const results = await take(read.flatMap((one) => ('measurement' in one ? [one.measurement] : [])), context);
  let next = 0;
  return read.map((one, index) => {
    const at = ['measurements', `${index}`];
    if ('measurement' in one) return shownResult(results[next++]!, at);
    const { message, path } = one.fault;
    return {
      measurementId: inputs[index]!.measurementId.slice(0, LONGEST_ECHO), status: 'INVALID', isLate: false, usage: null,
      error: { code: 'INVALID_INPUT', message, path: [...at, ...path] },
    };
  });
}
