import type { DataSource } from 'typeorm';
import { CatalogRefusal, CatalogService, errorsOf, OfferingDraft, OfferingVersionRef, refuseAll } from '../catalog';
import { Refusal, SimpleUserError, UserError } from '../platform/errors';
import { Actor, changeAudited } from '../tenant';
import { snssaiText } from '../usage/snssai.rules';
import type { SliceTermsDraft } from './slice-terms.draft';
import { sliceProblems, sliceTermsOf } from './slice-terms.rules';
import { storeSliceTerms } from './slice-terms.store';

const OBJECT = { type: 'ProductOffering', id: '' };

/** Slice offerings: an offering version with the terms that make it a slice. Launched and retired like every other. */
export class SliceOfferingService {
  constructor(private readonly data: DataSource, private readonly catalog: CatalogService) {}

  /**
   * Drafts the next version of a slice offering with its terms, in one transaction.
   * @throws CatalogRefusal INVALID_INPUT with every problem and its path; Refusal CONFLICT where a price changes its kind.
   */
  draft(actor: Actor, offering: OfferingDraft, slice: SliceTermsDraft): Promise<OfferingVersionRef> {
    return changeAudited(this.data, actor, 'sliceOfferingDraft', OBJECT, async (change) => {
      refuseAll([...this.catalog.problemsOf(offering).map(insideOffering), ...sliceProblems(slice, offering)]);
      const result = await placed(this.catalog.draftWithin(change, actor.tenantId, offering));
      const terms = sliceTermsOf(slice);
      await storeSliceTerms(change.client, { ...terms, offeringVersionId: result.versionId, tenantId: actor.tenantId });
      const after = { version: result.version, snssai: snssaiText(terms.snssai), payer: terms.payer };
      return { result, audit: { objectType: OBJECT.type, objectId: result.versionId, after } };
    });
  }
}

const insideOffering = ({ code, message, path }: UserError): UserError => new SimpleUserError(code, message, ['offering', ...path]);

/** What the catalog refuses lies in this input's `offering`. */
async function placed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refusal ? new CatalogRefusal(errorsOf(error).map(insideOffering)) : error;
  }
}
