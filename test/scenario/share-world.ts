import type { DataSource } from 'typeorm';
import { Conductor } from '../../src/charging';
import { appDataSource } from '../../src/platform/db';
import { parseAmount } from '../../src/platform/money';
import { createShareServices, shareStep, ShareServices } from '../../src/revenue-share';
import type { AgreementProposal } from '../../src/revenue-share/agreement.service';
import { createPartyServices, PartyServices } from '../../src/party';
import { Actor, createTenantServices, TenantServices } from '../../src/tenant';
import { TestDatabase } from '../support';
import { flatRate, worldConductor } from '../support/world';
import { openScenario, Scenario } from './money-scenario';

/** A database whose conductor accrues shares, with the services of the rooms that do. */
export interface ShareWorld {
  readonly db: TestDatabase;
  readonly conductor: Conductor;
  readonly services: ShareServices & PartyServices & TenantServices;
  readonly data: DataSource;
  open(at: string): Promise<ShareScenario>;
  close(): Promise<void>;
}

/** A tenant with a clock of its own, its people of catalog and finance, and partners. */
export interface ShareScenario extends Scenario {
  readonly catalog: Actor;
  readonly finance: Actor;
  /** An active partner with a settlement account. */
  partner(name: string, currency?: string): Promise<SharePartner>;
  /** Proposes by the one and approves by the other; the agreement's key. */
  agree(code: string, items: readonly ItemSpec[], validFrom?: string): Promise<bigint>;
  closeMonth(account: bigint, periodFrom: string): Promise<bigint>;
  publish(statementId: bigint): Promise<bigint>;
  statement(id: bigint): Promise<Stated>;
  /** Lines as text: kind basis events exact share [of statement]. */
  lines(id: bigint): Promise<string[]>;
  /** Shares of the charges of a root, in order: `party:share ...`, null where nobody shares. */
  shares(rootId: bigint): Promise<(string | null)[]>;
}
export interface SharePartner { readonly id: bigint; readonly account: bigint }
export interface ItemSpec {
  readonly offering?: string;
  readonly kind?: string;
  readonly basis?: 'NET' | 'GROSS';
  readonly parts: readonly (readonly [SharePartner, string] | readonly [SharePartner, string, bigint, 'EVENT' | 'SECOND' | 'BYTE'])[];
  readonly residual?: SharePartner;
}
export interface Stated {
  readonly state: string; readonly version: number; readonly number: number | null; readonly share: string; readonly rounding: string; readonly carried_in: string;
  readonly carried_forward: string; readonly payable: string;
}

export async function openShareWorld(db: TestDatabase): Promise<ShareWorld> {
  const data = await appDataSource(db.ownerUrl, true).initialize();
  const conductor = worldConductor(db, { lanes: 2, steps: [shareStep] });
  const accountOpening = { openBuckets: async () => undefined, openRoots: async () => undefined, limitChanged: async () => undefined };
  const tenants = createTenantServices(db.appPool, data);
  const services = { ...tenants, ...createPartyServices(data, accountOpening), ...createShareServices(db.appPool, data, tenants) };
  return {
    db, conductor, services, data,
    open: async (at) => scenarioOf(db, await openScenario(db, conductor, at), services),
    close: async () => {
      await conductor.drain();
      await data.destroy();
    },
  };
}

/** A content offering: messages at a price, with tax where wanted, and what an allowance pays. */
export const content = (code: string, price: string, more: { taxed?: boolean; allowance?: string; oneTime?: string } = {}): Parameters<Scenario['offering']>[0] => ({
  code, period: 'CALENDAR_MONTH', ...(more.oneTime === undefined ? {} : { oneTime: more.oneTime }),
  usage: [{ kind: 'SMS', unit: 'EVENT', per: '1', rates: flatRate(price), taxed: more.taxed ?? false }],
  ...(more.allowance === undefined ? {} : { allowances: [{ code: 'free', kind: 'SMS', unit: 'EVENT' as const, quantity: more.allowance, step: '1' }] }),
});

/** A message, for Scenario.charge. */
export const sms = { seconds: 1n, over: { kind: 'SMS', unit: 'EVENT', direction: 'OUTGOING' } } as const;

/** Moves a tenant's clock by a second: what was decided now holds from then on. */
export const passSecond = async (db: TestDatabase, tenantId: number): Promise<void> =>
  void await db.ownerPool.query('update tenant set clock_offset_ms = clock_offset_ms + 1000 where id = $1', [tenantId]);

function scenarioOf(db: TestDatabase, scenario: Scenario, services: ShareWorld['services']): ShareScenario {
  const { tenantId } = scenario;
  const actor = (role: string): Actor => ({ tenantId, subject: role.toLowerCase(), role, requestId: 'r' });
  const [catalog, finance, crm] = [actor('CATALOG_MANAGER'), actor('FINANCE'), actor('CRM_AGENT')];
  const one = async <T extends object>(text: string, id: bigint): Promise<T> => (await db.appPool.query<T>(text, [id.toString()])).rows[0]!;
  const statement: ShareScenario['statement'] = (id) => one<Stated>(
    'select state, version, number, share, rounding, carried_in, carried_forward, payable from share_statement where id = $1', id);
  return {
    ...scenario, catalog, finance, statement,
    partner: async (name, currency = 'EUR') => {
      const id = await services.partners.create(finance, BigInt((await services.parties.organizationCreate(crm, { tradingName: name })).id));
      await services.partners.step(finance, 'partnerValidate', 'VALIDATE', { partnerId: id, expectedVersion: 1, reason: null });
      await services.partners.step(finance, 'partnerActivate', 'ACTIVATE', { partnerId: id, expectedVersion: 2, reason: null });
      return { id, account: await services.partners.openAccount(finance, { partnerId: id, currency }) };
    },
    agree: async (code, items, validFrom) => {
      const agreementId = await services.agreements.propose(catalog, proposal(code, items, validFrom));
      const { version } = await one<{ version: number }>('select max(version) as version from agreement_version where agreement_id = $1', agreementId);
      await services.agreements.approve(finance, { agreementId, version });
      if (validFrom === undefined) await passSecond(db, tenantId);
      return agreementId;
    },
    closeMonth: (accountId, periodFrom) => services.statements.close(finance, { accountId, periodFrom }),
    publish: async (statementId) => services.statements.publish(finance, { statementId, expectedVersion: (await statement(statementId)).version, partnerId: null }),
    lines: async (id) => (await db.appPool.query<{ text: string }>(`select concat_ws(' ', kind, basis, events, exact, share,
      case when adjusts_id is not null then 'of ' || (select number from share_statement where id = adjusts_id) end) as text
      from share_statement_line where statement_id = $1 order by line`, [id.toString()])).rows.map(({ text }) => text),
    shares: async (rootId) => (await db.appPool.query<{ shares: { s: [string, string][] } | null }>(
      'select shares from charge where root_id = $1 order by position', [rootId.toString()])).rows
      .map(({ shares }) => shares && shares.s.map(([party, share]) => `${party}:${share}`).join(' ')),
  };
}

export const proposal = (code: string, items: readonly ItemSpec[], validFrom?: string): AgreementProposal => ({
  code, name: code, currency: 'EUR', validFrom: validFrom === undefined ? null : new Date(validFrom),
  items: items.map(({ offering, kind, basis, parts, residual }) => ({
    offeringCode: offering ?? null, kind: kind ?? null, basis: basis ?? 'NET', residualPartnerId: residual?.id ?? null,
    parts: parts.map(([partner, text, per, unit]) => (per === undefined || unit === undefined
      ? { partnerId: partner.id, percent: text, rate: null } : { partnerId: partner.id, percent: null, rate: { amount: parseAmount(text)!, per, unit } })),
  })),
});
