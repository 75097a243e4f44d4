/** Life cycle of an offering version (TMF620 lifecycleStatus). Only LAUNCHED inside its validity can be bought. */
export type OfferingState =
  | 'IN_STUDY' | 'IN_DESIGN' | 'IN_TEST' | 'REJECTED' | 'ACTIVE' | 'LAUNCHED' | 'RETIRED' | 'OBSOLETE';

/** One version of an offering: ids are decimal text. */
export interface OfferingVersionRef {
  readonly offeringId: string;
  readonly versionId: string;
  readonly version: number;
}
