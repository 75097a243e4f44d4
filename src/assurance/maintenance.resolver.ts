import { Arg, Args, ArgsType, Authorized, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { connectionOf, DateTimeScalar, encodeCursor, foreignCursor, keysAfter, Page, PageArgs, pageOf, wholePart } from '../platform/graphql';
import { actorOf, Payload, settle } from '../tenant';
import type { MaintenanceRecord } from './maintenance.service';

@ObjectType('SliceMaintenance', { simpleResolvers: true, description: 'Maintenance that was agreed before it began: time that no slice of the area was promised.' })
export class SliceMaintenance {
  @Field(() => String, { description: 'Code of the area.' })
  readonly area!: string;

  @Field(() => DateTimeScalar, { description: 'Its first instant.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { description: 'The first instant after it.' })
  readonly until!: Date;

  @Field(() => String, { description: 'What for.' })
  readonly reason!: string;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly agreedAt!: Date;
}

const SliceMaintenanceConnection = connectionOf(SliceMaintenance, 'SliceMaintenance');

@InputType('SliceMaintenanceAgreeInput', { description: 'Maintenance that begins later than now.' })
export class SliceMaintenanceAgreeInput {
  @Field(() => String, { description: 'Code of the area.' })
  area!: string;

  @Field(() => DateTimeScalar, { description: 'Its first instant.' })
  from!: Date;

  @Field(() => DateTimeScalar, { description: 'The first instant after it, at most 31 days later.' })
  until!: Date;

  @Field(() => String, { description: 'What for, 3 to 500 characters.' })
  reason!: string;
}

@ObjectType('SliceMaintenanceAgreePayload', { simpleResolvers: true, description: 'Outcome of sliceMaintenanceAgree.' })
export class SliceMaintenanceAgreePayload extends Payload {
  @Field(() => SliceMaintenance, { nullable: true, description: 'What is agreed.' })
  readonly maintenance!: SliceMaintenance | null;
}

@ArgsType()
export class SliceMaintenancesArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only those of the area with this code.' })
  area?: string | null;
}

const SELECT_PAGE = `
select m.id::text, a.code as area, m.starts_at, m.ends_at, m.reason, m.agreed_at, m.agreed_by
  from slice_maintenance m join slice_area a on a.id = m.area_id
 where m.tenant_id = $1 and ($2::text is null or a.code = $2) and ($3::timestamptz is null or (m.starts_at, m.id) < ($3, $4::bigint))
 order by m.starts_at desc, m.id desc limit $5`;

const SCOPE = 'sliceMaintenance';
const LAST_INSTANT = 253_402_300_799_999n;
const AREA_CODE = /^[\x21-\x7e]{1,100}$/;

/** Agreed maintenance of areas. */
@Resolver()
export class MaintenanceResolver {
  @Authorized<Role>(['NETWORK', 'CRM_AGENT', 'FINANCE', 'AUDITOR'])
  @Query(() => SliceMaintenanceConnection, { description: 'Agreed maintenance, the latest to begin first.' })
  async sliceMaintenances(@Args(() => SliceMaintenancesArgs) page: SliceMaintenancesArgs, @Ctx() { services, caller }: RequestContext): Promise<Page<SliceMaintenance>> {
    const area = page.area ?? null;
    const before = placeOf(page.after, caller.tenantId);
    // What no area can be called has none, and the database takes some of it for an error.
    const rows = area !== null && !AREA_CODE.test(area) ? []
      : (await services.pool.query<MaintenanceRecord>(SELECT_PAGE, [caller.tenantId, area, ...before, page.first + 1])).rows;
    return pageOf(rows, page, maintenanceOf, (row) => encodeCursor(SCOPE, caller.tenantId, row.starts_at.getTime(), BigInt(row.id)));
  }

  @Authorized<Role>(['NETWORK'])
  @Mutation(() => SliceMaintenanceAgreePayload, {
    description: 'Records maintenance that was agreed, before it begins: its time counts neither as down nor as a gap. The same said again changes nothing. May refuse with '
      + 'INVALID_INPUT, NOT_FOUND (no such area), CONFLICT (it has begun) or OVERLOADED.',
  })
  sliceMaintenanceAgree(
    @Arg('input', () => SliceMaintenanceAgreeInput, { description: 'When and where.' }) input: SliceMaintenanceAgreeInput,
    @Ctx() context: RequestContext,
  ): Promise<SliceMaintenanceAgreePayload> {
    return settle(SliceMaintenanceAgreePayload, 'maintenance', async () => maintenanceOf(await context.services.sliceMaintenance.agree(actorOf(context), input)));
  }
}

function placeOf(cursor: string | null | undefined, tenantId: number): readonly (string | null)[] {
  const keys = keysAfter(cursor, SCOPE, tenantId, 2)?.map((key) => wholePart(key));
  if (!keys) return [null, null];
  const [at, id] = keys;
  if (typeof at !== 'bigint' || typeof id !== 'bigint' || at < 0n || at > LAST_INSTANT || id < 0n || id >= 2n ** 63n) throw foreignCursor();
  return [new Date(+at.toString()).toISOString(), id.toString()];
}

const maintenanceOf = (row: MaintenanceRecord): SliceMaintenance => Object.assign(new SliceMaintenance(), {
  area: row.area, from: row.starts_at, until: row.ends_at, reason: row.reason, agreedAt: row.agreed_at,
});
