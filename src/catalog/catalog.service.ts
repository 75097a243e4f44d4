import type { DataSource } from 'typeorm';
import { AuditFacts } from '../audit';
import type { UserError } from '../platform/errors';
import { Actor, AuditedObject, Change, changeAudited } from '../tenant';
import { refuseAll } from './catalog.errors';
import { lockCatalog } from './catalog.lock';
import { UsagePriceCheck } from './draft-price.rules';
import { draftProblems } from './draft.rules';
import { storeDraft } from './draft.store';
import { OfferingDraft } from './draft.types';
import { Launched, LaunchInput, launchVersion, retireOffering } from './launch.store';
import { OfferingVersionRef } from './offering.types';
import { knownTaxClassProblems } from './tax-class.store';
import { TaxRateEntity } from './tax-rate.entity';
import { storeTaxRate, TaxRateInput, taxRateProblems } from './tax-rate.store';

const OFFERING = { type: 'ProductOffering', id: '' };
const TAX_RATE = { type: 'TaxRate', id: '' };

/**
 * Changes of the catalog, each one transaction with its audit row. A launched version is never edited, and a launch
 * never changes what an existing product pays: products keep their price assignments.
 */
export class CatalogService {
  /** @param checkUsagePrice the rater's check of a usage price, so that nothing is launched that it could not compile. */
  constructor(private readonly data: DataSource, private readonly checkUsagePrice: UsagePriceCheck) {}

  /**
   * Stores the next version of an offering, IN_DESIGN, with its prices and allowances.
   * @throws CatalogRefusal INVALID_INPUT with every problem and its path; Refusal CONFLICT where a price changes its kind.
   */
  draft(actor: Actor, draft: OfferingDraft): Promise<OfferingVersionRef> {
    return changeAudited(this.data, actor, 'productOfferingDraft', OFFERING, async (change) => {
      refuseAll(this.problemsOf(draft));
      const result = await this.draftWithin(change, actor.tenantId, draft);
      return { result, audit: audited(result, { version: result.version }) };
    });
  }

  /** Everything wrong with a draft that can be told without the database; for rooms whose offerings have terms of their own. */
  problemsOf(draft: OfferingDraft): UserError[] {
    return draftProblems(draft, this.checkUsagePrice);
  }

  /** Stores a draft without problems inside a change of the caller's, who writes its audit row. @throws as `draft` */
  async draftWithin(change: Change, tenantId: number, draft: OfferingDraft): Promise<OfferingVersionRef> {
    await lockCatalog(change.client, tenantId);
    refuseAll(await knownTaxClassProblems(change.client, tenantId, draft.prices));
    return storeDraft(change, tenantId, draft);
  }

  /**
   * Puts a draft on sale from an instant on and ends the version before it there.
   * @throws Refusal NOT_FOUND, CONFLICT (no draft, or a later version is launched), INVALID_INPUT (start, tax rates).
   */
  launch(actor: Actor, input: LaunchInput): Promise<Launched> {
    return changeAudited(this.data, actor, 'productOfferingLaunch', OFFERING, async (change) => {
      const result = await launchVersion(change, actor.tenantId, input);
      return { result, audit: audited(result, { version: result.version, validFrom: result.validFrom.toISOString() }) };
    });
  }

  /** Ends the sale of an offering; its products live on. @throws Refusal NOT_FOUND, CONFLICT (not on sale), INVALID_INPUT. */
  retire(actor: Actor, input: { readonly code: string; readonly at: Date | null }): Promise<OfferingVersionRef> {
    return changeAudited(this.data, actor, 'productOfferingRetire', OFFERING, async (change) => {
      const result = await retireOffering(change, actor.tenantId, input.code, input.at);
      return { result, audit: audited(result, { version: result.version }) };
    });
  }

  /** Sets a tax rate from an instant on. @throws CatalogRefusal INVALID_INPUT; Refusal CONFLICT where a later rate is set. */
  taxRateSet(actor: Actor, input: TaxRateInput): Promise<TaxRateEntity> {
    return changeAudited(this.data, actor, 'taxRateSet', TAX_RATE, async (change: Change) => {
      refuseAll(taxRateProblems(input));
      const result = await storeTaxRate(change, actor.tenantId, input);
      const after = { validFrom: result.validFrom.toISOString() };
      return { result, audit: { objectType: TAX_RATE.type, objectId: result.id, after } };
    });
  }
}

const audited = (version: OfferingVersionRef, after: AuditFacts): AuditedObject =>
  ({ objectType: OFFERING.type, objectId: version.versionId, after });
