import type { EntityManager } from 'typeorm';
import { IsNull, MoreThan } from 'typeorm';
import { refuse } from '../platform/errors';
import type { Change } from '../tenant';
import { requireBundles } from './bundle.store';
import { raiseCatalogVersion } from './catalog.lock';
import { OfferingVersionRef } from './offering.types';
import { isCode } from './problem.rules';
import { ProductOfferingEntity } from './product-offering.entity';
import { ProductOfferingVersionEntity } from './product-offering-version.entity';

export interface LaunchInput {
  readonly code: string;
  /** Null = the newest draft. */
  readonly version: number | null;
  /** Null = now. Only the first version of an offering may start in the past. */
  readonly validFrom: Date | null;
}

export interface Launched extends OfferingVersionRef {
  readonly validFrom: Date;
  /** The version that this one follows, whose sale ends at `validFrom`; null for the first. */
  readonly follows: string | null;
}

/** Launches a draft and ends the version before it at that instant, under the catalog's lock. */
export async function launchVersion({ manager, client }: Change, tenantId: number, input: LaunchInput): Promise<Launched> {
  const now = await raiseCatalogVersion(client, tenantId);
  const versions = await versionsOf(manager, tenantId, input.code);
  const draft = draftToLaunch(versions, input.version);
  const validFrom = input.validFrom ?? now;
  const last = lastLaunched(versions);
  checkStart(validFrom, last, now);
  await checkTaxClasses(manager, draft.id, tenantId, validFrom);
  await requireBundles(manager, draft.id, validFrom);
  if (last && (last.validUntil === null || last.validUntil > validFrom)) {
    await manager.update(ProductOfferingVersionEntity, { id: last.id }, { validUntil: validFrom });
  }
  await manager.update(ProductOfferingVersionEntity, { id: draft.id }, { state: 'LAUNCHED', validFrom });
  return { offeringId: draft.offeringId, versionId: draft.id, version: draft.version, validFrom, follows: last?.id ?? null };
}

async function versionsOf(manager: EntityManager, tenantId: number, code: string): Promise<ProductOfferingVersionEntity[]> {
  const offering = isCode(code) ? await manager.findOneBy(ProductOfferingEntity, { tenantId, code }) : null;
  if (!offering) refuse('NOT_FOUND', 'There is no offering of this code.', ['code']);
  return manager.find(ProductOfferingVersionEntity, { where: { offeringId: offering.id }, order: { version: 'ASC' } });
}

function draftToLaunch(versions: readonly ProductOfferingVersionEntity[], wanted: number | null): ProductOfferingVersionEntity {
  const found = wanted === null
    ? versions.findLast(({ state }) => state === 'IN_DESIGN')
    : versions.find(({ version }) => version === wanted);
  if (!found) return refuse('NOT_FOUND', 'There is no such draft of this offering.', ['version']);
  if (found.state !== 'IN_DESIGN') refuse('CONFLICT', `Version ${found.version} is ${found.state}; only a draft is launched.`, ['version']);
  return found;
}

/** Versions follow each other in time, so the one that starts last is the one to be followed. */
function lastLaunched(versions: readonly ProductOfferingVersionEntity[]): (ProductOfferingVersionEntity & { validFrom: Date }) | null {
  const launched = versions.filter((version): version is ProductOfferingVersionEntity & { validFrom: Date } => version.validFrom !== null);
  return launched.sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime() || a.version - b.version).at(-1) ?? null;
}

function checkStart(validFrom: Date, last: { readonly validFrom: Date } | null, now: Date): void {
  if (!last) return;
  if (validFrom < now) refuse('INVALID_INPUT', 'Only the first version of an offering may start in the past.', ['validFrom']);
  if (validFrom < last.validFrom) {
    refuse('CONFLICT', `A version is launched to start at ${last.validFrom.toISOString()}; the next one starts no earlier.`, ['validFrom']);
  }
}

const TAX_CLASSES_WITHOUT_RATE = `
  select distinct p.tax_class
    from price_version p
   where p.offering_version_id = $1
     and not exists (select from tax_rate r where r.tenant_id = $2 and r.tax_class = p.tax_class
                        and r.valid_from <= $3 and (r.valid_until is null or r.valid_until > $3))
   order by p.tax_class`;

async function checkTaxClasses(manager: EntityManager, versionId: string, tenantId: number, at: Date): Promise<void> {
  const missing = await manager.query<{ tax_class: string }[]>(TAX_CLASSES_WITHOUT_RATE, [versionId, tenantId, at]);
  if (missing.length === 0) return;
  const names = missing.map(({ tax_class: name }) => name).join(', ');
  refuse('INVALID_INPUT', `No tax rate holds at ${at.toISOString()} for: ${names}.`, ['validFrom']);
}

/**
 * Ends the sale of an offering at `at` (null = now); its products live on. What is launched for later never starts.
 * Answers how many versions were ended.
 */
export async function retireOffering({ manager, client }: Change, tenantId: number, code: string, at: Date | null): Promise<OfferingVersionRef> {
  const now = await raiseCatalogVersion(client, tenantId);
  const end = at ?? now;
  if (end < now) refuse('INVALID_INPUT', 'The sale of an offering cannot end in the past.', ['at']);
  const offeringId = (await versionsOf(manager, tenantId, code))[0]?.offeringId;
  const open = await manager.find(ProductOfferingVersionEntity, {
    where: [{ offeringId, state: 'LAUNCHED', validUntil: IsNull() }, { offeringId, state: 'LAUNCHED', validUntil: MoreThan(end) }],
    order: { version: 'ASC' },
  });
  const last = open.at(-1);
  if (!last) return refuse('CONFLICT', 'The offering is not on sale then.', ['code']);
  for (const version of open) await endVersion(manager, version, end, now);
  return { offeringId: last.offeringId, versionId: last.id, version: last.version };
}

async function endVersion(manager: EntityManager, version: ProductOfferingVersionEntity, end: Date, now: Date): Promise<void> {
  const starts = version.validFrom ?? end;
  const validUntil = starts > end ? starts : end;
  const isOver = end <= now || starts > end;
  await manager.update(ProductOfferingVersionEntity, { id: version.id }, { validUntil, ...(isOver ? { state: 'RETIRED' as const } : {}) });
}
