import { SetupProduct } from '../../guiding';
import { isoInstant, Statement } from '../../platform/db';
import { ActivateInput } from '../charging.api';
import { RootState } from '../work/root-state';

/** Two owners of one value at one time are refused by the table's exclusion, whichever node they come from. */
export const assignIdentifiers = (root: RootState, product: SetupProduct, identifiers: ActivateInput['identifiers']): Statement => ({
  name: 'assign-identifiers',
  text: `insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id, product_id)
         select $1, x.kind, x.value, $4, $5, $6, $7, $8 from unnest($2::text[], $3::text[]) x(kind, value)`,
  values: [root.setup.tenantId, identifiers.map((i) => i.kind), identifiers.map((i) => i.value),
    isoInstant(product.startedAt), root.shard, root.rootId.toString(), product.accountId.toString(), product.id.toString()],
});

/** Numbers that were free from a named end on belong to the product again; who was given one meanwhile is in the way. */
export const reopenIdentifiers = (root: RootState, productId: bigint, endedBefore: number, until: number | null): Statement => ({
  name: 'reopen-identifiers',
  text: `update identifier set valid_until = $5 where shard = $1 and root_id = $2 and product_id = $3 and valid_until = $4`,
  values: [root.shard, root.rootId.toString(), productId.toString(), isoInstant(endedBefore), until === null ? null : isoInstant(until)],
});

/**
 * From its end on a product's numbers may be given to others; one that starts later never belongs to it. An end that was
 * named before and moves moves theirs. The sum is made without a time zone, because a cluster updates by no other.
 */
export const releaseIdentifiers = (root: RootState, productId: bigint, at: number, endedBefore: number | null = null): Statement => ({
  name: 'release-identifiers',
  text: `update identifier set valid_until = greatest($4::timestamptz, (valid_from at time zone 'UTC' + interval '1 millisecond') at time zone 'UTC')
          where shard = $1 and root_id = $2 and product_id = $3 and (valid_until is null or valid_until > $4 or valid_until = $5)`,
  values: [root.shard, root.rootId.toString(), productId.toString(), isoInstant(at), endedBefore === null ? null : isoInstant(endedBefore)],
});
