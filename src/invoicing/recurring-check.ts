import type { Pool } from 'pg';
import { Amount, amount } from '../platform/money';

/** What a customer was billed for its products' periods on bills that end on a day, beside what their price lists say. */
export interface RecurringOfCustomer {
  readonly externalId: string;
  /** Bills of the cycle; 0 = none was made. */
  readonly bills: number;
  /** Net of the recurring lines, rounded as on the bill. */
  readonly billed: Amount;
  /** Sum of the periodic list prices of the products that ran in the cycle. */
  readonly list: Amount;
  readonly products: number;
}

/*
 * A product counts where it ran in the bill's period, with the prices of the offering version that it has. Other accounts of
 * the customer are not looked at. $1 tenant, $2 external ids, $3 name of the accounts, $4 day on which the cycle ends.
 */
const SELECT = `
select x.external_id, count(b.account_id)::int as bills, coalesce(sum(l.net), 0)::bigint as billed, coalesce(sum(p.list), 0)::bigint as list,
       coalesce(sum(p.products), 0)::int as products
  from unnest($2::text[]) with ordinality x (external_id, ordinal)
  join customer c on c.tenant_id = $1 and c.external_id = x.external_id
  join billing_account a on a.customer_id = c.id and a.tenant_id = $1 and a.name = $3
  left join bill_period w on w.shard = a.shard and w.account_id = a.id and w.end_date = $4::date
  left join customer_bill b on b.shard = w.shard and b.account_id = w.account_id and b.sequence = w.sequence
  left join lateral (
    select sum(line.net) as net from customer_bill_line line
     where line.shard = b.shard and line.account_id = b.account_id and line.bill_sequence = b.sequence and line.kind = 'RECURRING_FEE') l on true
  left join lateral (
    select sum(v.amount * 1000000) as list, count(distinct product.id) as products
      from product
      left join price_version v on v.offering_version_id = product.offering_version_id and v.price_type = 'RECURRING'
     where product.shard = a.shard and product.root_id = a.root_id and product.account_id = a.id
       and product.state not in ('PENDING_ACTIVE', 'CANCELLED', 'ABORTED')
       and product.started_at < w.period_end and (product.ended_at is null or product.ended_at > w.period_start)) p on true
 group by x.external_id, x.ordinal order by x.ordinal`;

/** The customers of the external ids that there are, in their order, by one statement. */
export async function recurringOfCustomers(
  pool: Pool, tenantId: number, of: { readonly externalIds: readonly string[]; readonly accountName: string; readonly cycleEnd: string },
): Promise<RecurringOfCustomer[]> {
  const { rows } = await pool.query<{ external_id: string; bills: number; billed: string; list: string; products: number }>(
    SELECT, [tenantId, of.externalIds, of.accountName, of.cycleEnd]);
  return rows.map((row) => ({
    externalId: row.external_id, bills: row.bills, billed: amount(BigInt(row.billed)), list: amount(BigInt(row.list)), products: row.products,
  }));
}
