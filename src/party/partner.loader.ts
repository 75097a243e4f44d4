import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { encodeCursor, foreignCursor, keysAfter, Page, PageArgs, pageOf, wholePart } from '../platform/graphql';
import { partnerFilter } from './partner.access';
import { Partner, partnerOf, PartnerRecord, SettlementAccount, settlementAccountOf, SettlementAccountRecord } from './partner.type';

const COLUMNS = 'partner.party_id, party.trading_name, partner.state, partner.version, partner.created_at';

const selectPartners = (visible: string): string => `
  select ${COLUMNS} from partner join party on party.id = partner.party_id where partner.party_id = any($1::bigint[]) and ${visible}`;
const selectPage = (visible: string): string => `
  select ${COLUMNS} from partner join party on party.id = partner.party_id
   where partner.party_id > $1::bigint and ${visible} order by partner.party_id limit $2::integer + 1`;
const selectAccounts = (column: 'id' | 'partner_id', visible: string): string => `
  select account.id, account.partner_id, account.currency, account.opened_at
    from settlement_account account where account.${column} = any($1::bigint[]) and ${visible} order by account.currency`;

const ACCOUNT_COLUMNS = { tenant: 'account.tenant_id', partner: 'account.partner_id' };

/** Partners by key; null for what is unknown and for what is not the caller's. */
export function partnerLoader(context: RequestContext): DataLoader<bigint, Partner | null, string> {
  return context.loader('party.partner', () => new DataLoader(async (keys: readonly bigint[]) => {
    const filter = partnerFilter(context.caller, 2);
    const { rows } = await context.services.pool.query<PartnerRecord>(selectPartners(filter.sql), [keys.map(String), ...filter.parameters]);
    const found = new Map(rows.map((row) => [row.party_id, partnerOf(row)]));
    return keys.map((key) => found.get(key.toString()) ?? null);
  }, { cacheKeyFn: String }));
}

const SCOPE = 'partners';

/** The partners that the caller may see, in the order of their keys. */
export async function readPartners(context: RequestContext, page: PageArgs): Promise<Page<Partner>> {
  const { tenantId } = context.caller;
  const [key = '0'] = keysAfter(page.after, SCOPE, tenantId, 1) ?? [];
  if (wholePart(key) === null) throw foreignCursor();
  const filter = partnerFilter(context.caller, 3);
  const { rows } = await context.services.pool.query<PartnerRecord>(
    selectPage(filter.sql), [key, page.first, ...filter.parameters]);
  return pageOf(rows, page, partnerOf, (row) => encodeCursor(SCOPE, tenantId, row.party_id));
}

/** Settlement accounts by their own key. */
export const settlementAccountLoader = (context: RequestContext): DataLoader<bigint, SettlementAccount | null, string> =>
  context.loader('party.settlementAccount', () => new DataLoader(async (keys: readonly bigint[]) => {
    const accounts = await readAccounts(context, 'id', keys);
    return keys.map((key) => accounts.find(({ accountKey }) => accountKey === key) ?? null);
  }, { cacheKeyFn: String }));

/** The settlement accounts of partners: one a currency. */
export const accountsOfPartnerLoader = (context: RequestContext): DataLoader<bigint, SettlementAccount[], string> =>
  context.loader('party.settlementAccounts', () => new DataLoader(async (keys: readonly bigint[]) => {
    const accounts = await readAccounts(context, 'partner_id', keys);
    return keys.map((key) => accounts.filter(({ partnerKey }) => partnerKey === key));
  }, { cacheKeyFn: String }));

async function readAccounts({ caller, services }: RequestContext, column: 'id' | 'partner_id', keys: readonly bigint[]): Promise<SettlementAccount[]> {
  const filter = partnerFilter(caller, 2, ACCOUNT_COLUMNS);
  const { rows } = await services.pool.query<SettlementAccountRecord>(selectAccounts(column, filter.sql), [keys.map(String), ...filter.parameters]);
  return rows.map(settlementAccountOf);
}
