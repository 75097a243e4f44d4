import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { Page, requestError } from '../platform/graphql';
import { actorOf, businessNow, settle } from '../tenant';
import { readAreas, reservedLoader, windowOf } from './area.loader';
import {
  SliceArea, SliceAreaConnection, sliceAreaOf, SliceAreasArgs, SliceAreaSetInput, SliceAreaSetPayload, SliceCapacity, sliceCapacityOf,
} from './area.type';

/** Areas, and what of them is reserved. */
@Resolver(() => SliceArea)
export class SliceAreaResolver {
  @Authorized<Role>(['CATALOG_MANAGER', 'NETWORK', 'CRM_AGENT', 'AUDITOR'])
  @Query(() => SliceAreaConnection, { description: 'The areas in which slices are sold, by code.' })
  sliceAreas(@Args(() => SliceAreasArgs) page: SliceAreasArgs, @Ctx() context: RequestContext): Promise<Page<SliceArea>> {
    if (page.from && page.until && page.until <= page.from) throw requestError('BAD_USER_INPUT', 'A window ends after it begins.');
    return readAreas(context, page);
  }

  @FieldResolver(() => SliceCapacity, { description: 'The most that is reserved of each measure at any instant of the time asked for.' })
  async reserved(@Root() { areaKey, window }: SliceArea, @Ctx() context: RequestContext): Promise<SliceCapacity> {
    return sliceCapacityOf(await reservedLoader(context, window).load(areaKey));
  }

  @FieldResolver(() => SliceCapacity, { description: 'What is left of each measure for the whole of the time asked for.' })
  async free(@Root() area: SliceArea, @Ctx() context: RequestContext): Promise<SliceCapacity> {
    const reserved = await this.reserved(area, context);
    const { downlinkKbps, uplinkKbps, devices } = area.capacity;
    return { downlinkKbps: left(downlinkKbps, reserved.downlinkKbps), uplinkKbps: left(uplinkKbps, reserved.uplinkKbps), devices: left(devices, reserved.devices) };
  }

  @Authorized<Role>(['CATALOG_MANAGER'])
  @Mutation(() => SliceAreaSetPayload, {
    description: 'Opens an area or changes one. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (another version, or more is reserved at a coming instant, with when and how much) or OVERLOADED.',
  })
  sliceAreaSet(
    @Arg('input', () => SliceAreaSetInput, { description: 'The area.' }) input: SliceAreaSetInput,
    @Ctx() context: RequestContext,
  ): Promise<SliceAreaSetPayload> {
    return settle(SliceAreaSetPayload, 'area', async () => {
      const area = await context.services.sliceAreas.set(actorOf(context), input);
      return sliceAreaOf(area, windowOf({}, (await businessNow(context.services.pool, context.caller.tenantId)).getTime()));
    });
  }
}

const left = (capacity: bigint, reserved: bigint): bigint => (capacity > reserved ? capacity - reserved : 0n);
