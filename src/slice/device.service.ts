import type { DataSource } from 'typeorm';
import { accountFilter, normaliseIdentifier } from '../party';
import type { Caller } from '../platform/auth/caller';
import { isoInstant } from '../platform/db';
import { refuse } from '../platform/errors';
import { lockRoot, raiseSetupVersion, shardOfId } from '../platform/root';
import { DAY_MS } from '../platform/time';
import { Actor, businessNow, Change, changeAudited, constraintOf } from '../tenant';
import { snssaiText } from '../usage/snssai.rules';
import type { IdentifierKind } from '../usage/usage.types';
import { peakOf } from './peak.rules';
import { loadSliceTerms } from './slice-terms.store';
import type { SliceTerms } from './slice.types';
import { ADMIT, AdmittedRow, HAS_OVERLAPS, LockedSliceRow, OverlapRow, REMOVE, SELECT_OVERLAPS, selectOwner, selectSlice } from './sql/device.sql';

export interface DeviceKey {
  readonly productId: bigint;
  readonly kind: IdentifierKind;
  readonly value: string;
}
export interface Admission extends DeviceKey {
  /** First instant; null = now. */
  readonly from: Date | null;
  /** First instant after it; null = as long as the slice is there. */
  readonly until: Date | null;
}

const FURTHEST_MS = 3_660 * DAY_MS;
const CONSTRAINTS: readonly string[] = ['slice_device_owner_excl', 'slice_device_pk'];

/** A slice whose root is locked. */
interface LockedSlice extends LockedSliceRow {
  readonly terms: SliceTerms;
  readonly now: number;
}

/**
 * Admits devices to slices and removes them, from now on: what was used before stays whose it was. Audit rows name the
 * product, never the device.
 */
export class SliceDeviceService {
  constructor(private readonly data: DataSource) {}

  /**
   * A subscriber admits only what belongs to the own accounts when it comes.
   * @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT (the slice is not there), NOT_ALLOWED (a subscriber, another's device or a taken one),
   * ALREADY_EXISTS (in one of this S-NSSAI then), DEVICE_LIMIT_REACHED
   */
  admit(actor: Actor, caller: Caller, admission: Admission): Promise<AdmittedRow> {
    return this.change(actor, caller, 'sliceDeviceAdmit', admission, async (change, slice, value) => {
      const from = admission.from?.getTime() ?? slice.now;
      const until = admission.until?.getTime() ?? slice.endedAt;
      requireInside(slice, from, until);
      if (caller.role === 'SUBSCRIBER') await requireOwn(change, caller, admission.kind, value, from);
      await requireRoom(change, slice, from, until);
      const { rows } = await refusingTaken(caller, change.client.query<AdmittedRow>(ADMIT, [actor.tenantId, snssaiText(slice.terms.snssai), admission.kind, value,
        isoInstant(from), until === null ? null : isoInstant(until), slice.shard, slice.rootId, slice.accountId, slice.id, slice.terms.payer]));
      return rows[0] ?? refuseTaken(caller);
    });
  }

  /** Removes a device from an instant on. @throws Refusal INVALID_INPUT, NOT_FOUND */
  remove(actor: Actor, caller: Caller, { at, ...device }: DeviceKey & { readonly at: Date | null }): Promise<AdmittedRow> {
    return this.change(actor, caller, 'sliceDeviceRemove', device, async ({ client }, slice, value) => {
      const end = at?.getTime() ?? slice.now;
      requireComing(slice.now, end, ['at']);
      const { rows } = await client.query<AdmittedRow>(REMOVE, [actor.tenantId, snssaiText(slice.terms.snssai), device.kind, value, slice.id, isoInstant(end)]);
      return rows.sort((a, b) => a.valid_from.getTime() - b.valid_from.getTime())[0] ?? refuse('NOT_FOUND', 'The device is not in the slice then.', ['identifier']);
    });
  }

  private change(
    actor: Actor, caller: Caller, operation: string, { productId, kind, value }: DeviceKey,
    work: (change: Change, slice: LockedSlice, value: string) => Promise<AdmittedRow>,
  ): Promise<AdmittedRow> {
    const object = { type: 'Product', id: productId.toString() };
    return changeAudited(this.data, actor, operation, object, async (change) => {
      const stored = normaliseIdentifier(kind, value) ?? refuse('INVALID_INPUT', `The value is no ${kind}.`, ['identifier', 'value']);
      const slice = await lockedSlice(change, caller, productId);
      const result = await work(change, slice, stored);
      await raiseSetupVersion(change.client, { shard: slice.shard, rootId: BigInt(slice.rootId) });
      const after = { kind, validFrom: result.valid_from.toISOString(), validUntil: result.valid_until?.toISOString() ?? null };
      return { result, audit: { objectType: object.type, objectId: object.id, after } };
    });
  }
}

/** The caller's slice under its root's lock, as time left it. */
async function lockedSlice({ client }: Change, caller: Caller, productId: bigint): Promise<LockedSlice> {
  const filter = accountFilter(caller, 3);
  const read = async (): Promise<LockedSliceRow | undefined> => (await client.query<LockedSliceRow>(
    selectSlice(filter.sql), [shardOfId(productId), productId.toString(), ...filter.parameters])).rows[0];
  const found = await read();
  if (found) await lockRoot(client, { shard: found.shard, rootId: BigInt(found.rootId) });
  const slice = found && await read();
  const terms = slice && (await loadSliceTerms(client, [slice.versionId])).get(slice.versionId);
  if (!slice || !terms) return refuse('NOT_FOUND', 'No such object.', ['productId']);
  return { ...slice, terms, now: (await businessNow(client, caller.tenantId)).getTime() };
}

const IS_THERE: ReadonlySet<string> = new Set(['ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE']);

function requireInside({ state, endedAt, now }: LockedSlice, from: number, until: number | null): void {
  if (!IS_THERE.has(state)) refuse('CONFLICT', 'The slice has not begun, or has ended.', ['productId']);
  if (endedAt !== null && endedAt <= now) refuse('CONFLICT', 'The slice has ended.', ['productId']);
  requireComing(now, from, ['from']);
  if (until !== null && until <= from) refuse('INVALID_INPUT', 'The device leaves after it was admitted, and no later than the slice ends.', ['until']);
  if (until !== null && until > now + FURTHEST_MS) refuse('INVALID_INPUT', 'The instant lies within ten years.', ['until']);
  if (endedAt !== null && until !== null && until > endedAt) refuse('INVALID_INPUT', `The slice ends at ${new Date(endedAt).toISOString()}.`, ['until']);
}

function requireComing(now: number, at: number, path: readonly string[]): void {
  if (at < now) refuse('INVALID_INPUT', 'A device comes and goes now (null) or later: what was used before stays whose it was.', path);
  if (at > now + FURTHEST_MS) refuse('INVALID_INPUT', 'The instant lies within ten years.', path);
}

/** No more devices at any instant than the profile admits. Where even all that overlap fit, none is read: the root is locked meanwhile. */
async function requireRoom({ client }: Change, slice: LockedSlice, from: number, until: number | null): Promise<void> {
  const most = BigInt(slice.terms.profile.maximumDevices);
  const during = [slice.shard, slice.id, isoInstant(from), until === null ? null : isoInstant(until)];
  const { rows: [overlaps] } = await client.query<{ isReached: boolean }>(HAS_OVERLAPS, [...during, most.toString()]);
  if (!overlaps!.isReached) return;
  const { rows } = await client.query<OverlapRow>(SELECT_OVERLAPS, during);
  const { highest, at } = peakOf(rows.map((row) => ({ ...row, amount: 1n })), from, until);
  if (highest >= most) refuse('DEVICE_LIMIT_REACHED', `From ${new Date(at).toISOString()} on ${highest} devices are in the slice; it admits ${most}.`, ['productId']);
}

async function refusingTaken<T>(caller: Caller, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!CONSTRAINTS.includes(constraintOf(error) ?? '')) throw error;
    return refuseTaken(caller);
  }
}

/** Only the operator is told that a device is in another slice: a subscriber could ask where somebody else's is. */
function refuseTaken({ role }: Caller): never {
  if (role === 'SUBSCRIBER') refuseForeign();
  return refuse('ALREADY_EXISTS', 'The device is in a slice of this S-NSSAI for a part of that time.', ['identifier']);
}

/** The device belongs to an account of the caller's at the instant at which it comes. */
async function requireOwn({ client }: Change, caller: Caller, kind: IdentifierKind, value: string, from: number): Promise<void> {
  const filter = accountFilter(caller, 5);
  const { rowCount } = await client.query(selectOwner(filter.sql), [caller.tenantId, kind, value, isoInstant(from), ...filter.parameters]);
  if (rowCount === 0) refuseForeign();
}

/** One answer whether the identifier is unknown, somebody else's, or in another slice. */
const refuseForeign = (): never =>
  refuse('NOT_ALLOWED', 'You admit devices of your own accounts that are in no slice of this S-NSSAI then; the operator admits others.', ['identifier']);
