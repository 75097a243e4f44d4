import type { EntityManager, InsertResult } from 'typeorm';
import { refuse } from '../platform/errors';
import type { Change } from '../tenant';
import { AllowanceEntity } from './allowance.entity';
import { storeComponents } from './bundle.store';
import { conditionOf, definitionOf } from './definition.rules';
import { priceTypeOf } from './draft-price.rules';
import { AllowanceDraft, OfferingDraft, PriceDraft } from './draft.types';
import { OfferingVersionRef } from './offering.types';
import { PriceEntity } from './price.entity';
import { PriceVersionEntity } from './price-version.entity';
import { ProductOfferingEntity } from './product-offering.entity';
import { ProductOfferingVersionEntity } from './product-offering-version.entity';
import { revenueAccountCode } from './revenue-account';

/** Stores a checked draft as the next version of its offering. The caller holds the catalog's lock. */
export async function storeDraft({ manager, client }: Change, tenantId: number, draft: OfferingDraft): Promise<OfferingVersionRef> {
  const offeringId = await offeringIdOf(manager, tenantId, draft.code);
  const version = await nextVersion(manager, offeringId);
  const versionId = newId(await manager.insert(ProductOfferingVersionEntity, { tenantId, offeringId, version, ...headOf(draft) }));
  for (const [index, price] of draft.prices.entries()) {
    const account = await revenueAccountCode(client, tenantId, price.revenueAccount, ['prices', `${index}`, 'revenueAccount']);
    await storePrice(manager, { tenantId, offeringId, versionId }, price, account, index);
  }
  for (const allowance of draft.allowances) {
    await manager.insert(AllowanceEntity, { tenantId, offeringVersionId: versionId, ...allowanceOf(allowance) });
  }
  await storeComponents(manager, tenantId, versionId, draft.components ?? []);
  return { offeringId, versionId, version };
}

/** The id that the database gave to the one row of an insert, as decimal text. */
function newId({ identifiers: [row] }: InsertResult): string {
  if (typeof row?.id !== 'string') throw new Error('The insert answered no id.');
  return row.id;
}

async function offeringIdOf(manager: EntityManager, tenantId: number, code: string): Promise<string> {
  const found = await manager.findOneBy(ProductOfferingEntity, { tenantId, code });
  return found?.id ?? newId(await manager.insert(ProductOfferingEntity, { tenantId, code }));
}

async function nextVersion(manager: EntityManager, offeringId: string): Promise<number> {
  return ((await manager.maximum(ProductOfferingVersionEntity, 'version', { offeringId })) ?? 0) + 1;
}

const headOf = (draft: OfferingDraft): Partial<ProductOfferingVersionEntity> => ({
  name: draft.name, description: draft.description, state: 'IN_DESIGN', priority: draft.priority,
  paymentModes: [...draft.paymentModes], periodKind: draft.periodKind, periodLength: draft.periodLength,
  autoRenew: draft.autoRenew, unpaidRenewal: draft.unpaidRenewal, paidRenewalStarts: draft.paidRenewalStarts,
});

interface PricePlace {
  readonly tenantId: number;
  readonly offeringId: string;
  readonly versionId: string;
}

async function storePrice(
  manager: EntityManager, place: PricePlace, draft: PriceDraft, revenueAccount: string, index: number,
): Promise<void> {
  const priceId = await priceIdOf(manager, place, draft, index);
  const version = ((await manager.maximum(PriceVersionEntity, 'version', { priceId })) ?? 0) + 1;
  await manager.insert(PriceVersionEntity, {
    tenantId: place.tenantId, priceId, offeringVersionId: place.versionId, version, priceType: priceTypeOf(draft),
    name: draft.name, currency: draft.currency, unit: draft.usage?.unit ?? 'EVENT', per: (draft.usage?.per ?? 1n).toString(),
    amount: draft.oneTime?.amount ?? draft.recurring?.amount ?? null, isProrated: draft.recurring?.isProrated ?? false,
    isBilledInAdvance: draft.recurring?.isBilledInAdvance ?? false,
    taxClass: draft.taxClass, taxIncluded: draft.taxIncluded, revenueAccount, recognition: draft.recognition,
    listPriced: draft.listPriced, definition: draft.usage ? definitionOf(draft.usage) : null,
  });
}

/** A price keeps its identity over versions by its code, so its kind stays what it was. */
async function priceIdOf(manager: EntityManager, place: PricePlace, draft: PriceDraft, index: number): Promise<string> {
  const { tenantId, offeringId } = place;
  const priceType = priceTypeOf(draft);
  const found = await manager.findOneBy(PriceEntity, { offeringId, code: draft.code });
  if (!found) return newId(await manager.insert(PriceEntity, { tenantId, offeringId, code: draft.code, priceType }));
  if (found.priceType !== priceType) {
    refuse('CONFLICT', `The price ${draft.code} is ${found.priceType} in earlier versions; give the new kind a new code.`,
      ['prices', `${index}`, 'code']);
  }
  return found.id;
}

const allowanceOf = (draft: AllowanceDraft): Partial<AllowanceEntity> => ({
  code: draft.code, name: draft.name, usageKind: draft.usageKind, unit: draft.unit, quantity: draft.quantity.toString(),
  step: draft.step?.toString() ?? null, priority: draft.priority, prefixes: [...draft.prefixes],
  conditions: draft.conditions.map(conditionOf), isShared: draft.isShared, firstGrant: draft.firstGrant,
  renewal: draft.renewal, rollOverMaximum: draft.rollOverMaximum?.toString() ?? null, whenUsedUp: draft.whenUsedUp,
});
