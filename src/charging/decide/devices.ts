import { SetupProduct } from '../../guiding';
import { isoInstant, Statement } from '../../platform/db';
import type { SliceBeginning } from '../charging.api';
import { RootState } from '../work/root-state';

/** Admits devices to a slice from the product's start to its end; a device that is in another one then is refused by the table's exclusion. */
export const admitDevices = (root: RootState, product: SetupProduct, { snssai, payer, devices }: SliceBeginning): Statement => ({
  name: 'admit-devices',
  text: `insert into slice_device (tenant_id, snssai, kind, value, valid_from, valid_until, shard, root_id, account_id, product_id, payer)
         select $1, $2, x.kind, x.value, $5, $6, $7, $8, $9, $10, $11 from unnest($3::text[], $4::text[]) x(kind, value)`,
  values: [root.setup.tenantId, snssai, devices.map(({ kind }) => kind), devices.map(({ value }) => value), isoInstant(product.startedAt),
    product.endedAt === null ? null : isoInstant(product.endedAt), root.shard, root.rootId.toString(), product.accountId.toString(), product.id.toString(), payer],
});

/** A slice that has ended pays for nobody; what was to be admitted after its end never is. */
export const removeDevices = (root: RootState, productId: bigint, at: number): Statement => ({
  name: 'remove-devices',
  text: `update slice_device set valid_until = greatest($4::timestamptz, valid_from)
          where shard = $1 and root_id = $2 and product_id = $3 and (valid_until is null or valid_until > $4)`,
  values: [root.shard, root.rootId.toString(), productId.toString(), isoInstant(at)],
});
