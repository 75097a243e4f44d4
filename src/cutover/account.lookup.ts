import type { Pool } from 'pg';
import { parseLocal } from '../platform/time';
import type { MigrateInput } from '../charging';
import { ZERO_AMOUNT } from '../platform/money';
import { RowFault } from './row.rules';
import { AccountRef, CutoverRow, DateColumn } from './row.types';

/** The account that a row means. */
export interface FoundAccount {
  readonly id: bigint;
  readonly timeZone: string;
}

/* A name that fits several accounts of a customer fits none: money is never put by guess. */
const BY_NAME = `
select x.ordinal, count(*)::int as found, min(a.id)::text as id, min(a.time_zone) as time_zone
  from unnest($2::text[], $3::text[]) with ordinality x(customer, name, ordinal)
  join customer c on c.tenant_id = $1 and c.external_id = x.customer
  join billing_account a on a.customer_id = c.id and a.tenant_id = $1 and (x.name is null or a.name = x.name)
 group by x.ordinal`;
const BY_ID = `
select x.ordinal, 1 as found, a.id::text as id, a.time_zone from unnest($2::smallint[], $3::bigint[]) with ordinality x(shard, id, ordinal)
  join billing_account a on a.shard = x.shard and a.id = x.id and a.tenant_id = $1`;
interface Row { readonly ordinal: string; readonly found: number; readonly id: string; readonly time_zone: string }

/** The accounts of many rows by two statements; a fault where there is none, or more than one. */
export async function findAccounts(pool: Pool, tenantId: number, refs: readonly AccountRef[]): Promise<(FoundAccount | RowFault)[]> {
  const named = refs.flatMap((ref) => (ref.kind === 'NAME' ? [ref] : []));
  const byId = refs.flatMap((ref) => (ref.kind === 'ID' ? [ref] : []));
  const found = new Map<AccountRef, Row>();
  const collect = async (of: readonly AccountRef[], text: string, values: readonly unknown[]): Promise<void> => {
    if (of.length === 0) return;
    for (const row of (await pool.query<Row>(text, [tenantId, ...values])).rows) found.set(of[+row.ordinal - 1]!, row);
  };
  await collect(named, BY_NAME, [named.map(({ customer }) => customer), named.map(({ name }) => name)]);
  await collect(byId, BY_ID, [byId.map(({ id }) => (id & 4095n).toString()), byId.map(({ id }) => id.toString())]);
  return refs.map((ref) => {
    const row = found.get(ref);
    if (row?.found === 1) return { id: BigInt(row.id), timeZone: row.time_zone };
    const column = ref.kind === 'ID' ? 'account' : 'accountName';
    return row ? new RowFault('CONFLICT', 'The customer has several accounts that fit: say which by accountName, or by account.', column)
      : new RowFault('NOT_FOUND', 'No such account.', ref.kind === 'ID' ? 'account' : 'customer');
  });
}

const FORMS = ['YYYY-MM-DD', 'YYYY-MM-DDTHH:mm:ssZZ', 'YYYY-MM-DD HH:mm:ss'];

/** What is brought, with its dates read in the account's time zone: a day means its first instant there. @throws RowFault */
export function inputOf(row: CutoverRow, { id: accountId, timeZone }: FoundAccount): MigrateInput {
  const at = (column: DateColumn): number | null => {
    const text = row.dates[column];
    if (text === '') return null;
    const instant = parseLocal(text, FORMS, timeZone);
    if (instant === null) throw new RowFault('INVALID_INPUT', `${column} is a day such as 2026-11-30, or an instant such as 2026-11-30T08:00:00Z.`, column);
    return instant;
  };
  const money = { accountId, amount: row.amount ?? ZERO_AMOUNT, currency: row.currency ?? '' };
  const units = { accountId, product: { offering: row.offering ?? '', line: row.line }, quantity: row.quantity ?? 0n, unit: row.unit ?? 'EVENT' as const };
  switch (row.kind) {
    case 'MONEY': return { kind: row.kind, ...money, validUntil: at('validUntil') };
    case 'PROMOTION': return { kind: row.kind, ...money, validFrom: at('validFrom'), validUntil: at('validUntil') };
    case 'UNITS': return { kind: row.kind, ...units, allowance: row.allowance ?? '', validFrom: at('validFrom'), validUntil: at('validUntil') };
    case 'COUNTER': return { kind: row.kind, ...units, price: row.price ?? '', amount: money.amount, events: row.events };
    case 'SPEND': return { kind: row.kind, ...money, events: row.events };
    case 'PRODUCT': return {
      kind: row.kind, accountId, offering: row.offering ?? '', startedAt: at('startedAt') ?? 0, billedUntil: at('billedUntil'),
      contractEndsAt: at('contractEndsAt'), identifiers: row.identifiers, attachedTo: row.line,
    };
    default: return { kind: row.kind, ...money };
  }
}
