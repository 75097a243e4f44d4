import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { lockCatalog, raiseCatalogVersion } from '../catalog';
import { checkedExternalId, checkedName, isExternalId, lockPartner } from '../party';
import { refuse } from '../platform/errors';
import { Actor, AuditedObject, businessNow, changeAudited } from '../tenant';
import { agreementStateAt, checkItems, ProposedItem } from './agreement.rules';
import { lastApproved, lockVersion, partnersOf, rivalOf, VersionRow } from './agreement.store';

export interface AgreementProposal {
  /** The agreement's name for programs; a known one gets a new version. */
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  /** Null = from a second after approval on. */
  readonly validFrom: Date | null;
  readonly items: readonly (Omit<ProposedItem, 'offeringId'> & { readonly offeringCode: string | null })[];
}

export interface AgreementRef {
  readonly agreementId: bigint;
  readonly version: number;
}

const TYPE = 'Agreement';

/**
 * What is decided now holds from a second on: a batch that still shares by what was agreed before read the clock, and so the
 * time of its charges, before this decision was committed. Committed it must be well before that second is over.
 */
const NOTICE_MS = 1_000;
const COMMIT_MS = 200;
const noticeFrom = (now: Date): Date => new Date(now.getTime() + NOTICE_MS);

/**
 * Agreements on sharing revenue: proposed by one person, decided by another. Nothing of a version is edited, approved or
 * not: a change is the next version, and an approval raises the tenant's catalog version, so that every node's batches
 * share by it from its start on.
 */
export class AgreementService {
  constructor(private readonly data: DataSource) {}

  /** Stores the next version of an agreement, IN_PROCESS. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT (one waits to be decided) */
  propose(actor: Actor, proposal: AgreementProposal): Promise<bigint> {
    const { tenantId } = actor;
    return changeAudited(this.data, actor, 'agreementPropose', { type: TYPE, id: '' }, async ({ client }) => {
      const code = checkedExternalId(proposal.code, ['code']);
      const name = checkedName(proposal.name, ['name']);
      await lockCatalog(client, tenantId);
      const items = await withOfferings(client, tenantId, proposal.items);
      checkItems(items);
      await checkPartners(client, tenantId, items);
      const agreementId = await agreementOf(client, tenantId, code, name);
      const version = await insertVersion(client, actor, agreementId, proposal);
      for (const [index, item] of items.entries()) await insertItem(client, tenantId, version.id, index, item);
      return { result: BigInt(agreementId), audit: audited(agreementId, { agreementVersion: version.number, state: 'IN_PROCESS' }) };
    });
  }

  /**
   * Puts a version in force from its start on and ends the version before it there.
   * @throws Refusal NOT_FOUND, NOT_ALLOWED (the proposer), CONFLICT (decided, another agreement about the same charges, a
   * partner who is not active or has no account in the currency), INVALID_INPUT (a start in the past)
   */
  approve(actor: Actor, ref: AgreementRef): Promise<bigint> {
    return this.decide(actor, 'agreementApprove', ref, async (client, version) => {
      if (version.proposed_by === actor.subject) refuse('NOT_ALLOWED', 'Who proposed an agreement does not approve it.');
      const now = await raiseCatalogVersion(client, actor.tenantId);
      const validFrom = version.valid_from ?? noticeFrom(now);
      if (validFrom < noticeFrom(now)) refuse('INVALID_INPUT', 'A share is not agreed for the past, nor for the second that runs: propose another start.', ['version']);
      await checkReady(client, version);
      const rival = await rivalOf(client, version, validFrom);
      if (rival !== null) refuse('CONFLICT', `Agreement ${rival} is about the same charges at that time.`, ['version']);
      await endBefore(client, version, validFrom);
      await client.query(`update agreement_version set state = 'APPROVED', valid_from = $2, decided_by = $3, decided_at = $4 where id = $1`,
        [version.id, validFrom, actor.subject, now]);
      await checkInTime(client, actor.tenantId, validFrom);
      return { state: 'APPROVED', validFrom: validFrom.toISOString() };
    });
  }

  /** Refuses a proposal for good. @throws Refusal NOT_FOUND, CONFLICT (decided), INVALID_INPUT (reason) */
  reject(actor: Actor, ref: AgreementRef, reason: string): Promise<bigint> {
    return this.decide(actor, 'agreementReject', ref, async (client, version) => {
      await client.query(`update agreement_version set state = 'REJECTED', decided_by = $2, decided_at = $3 where id = $1`,
        [version.id, actor.subject, await businessNow(client, actor.tenantId)]);
      return { state: 'REJECTED' };
    }, reason);
  }

  /** Ends an approved version at an instant, null = in a second. @throws Refusal NOT_FOUND, CONFLICT (not in force or to come), INVALID_INPUT */
  terminate(actor: Actor, { agreementId, version: number }: AgreementRef, at: Date | null, reason: string): Promise<bigint> {
    const { tenantId } = actor;
    const why = checkedName(reason, ['reason']);
    return changeAudited(this.data, actor, 'agreementTerminate', { type: TYPE, id: agreementId.toString() }, async ({ client }) => {
      const now = await raiseCatalogVersion(client, tenantId);
      const version = await lockVersion(client, tenantId, agreementId, number) ?? refuse('NOT_FOUND', 'No such agreement version.', ['agreementId']);
      const state = agreementStateAt(version.state, { validFrom: version.valid_from, validUntil: version.valid_until }, now);
      if (version.state !== 'APPROVED' || state === 'EXPIRED') refuse('CONFLICT', `The version is ${state}.`, ['version']);
      const end = at ?? noticeFrom(now);
      if (end < noticeFrom(now)) refuse('INVALID_INPUT', 'An agreement does not end in the past, nor in the second that runs.', ['at']);
      if (version.valid_until !== null && version.valid_until <= end) refuse('CONFLICT', `It ends at ${version.valid_until.toISOString()} anyhow.`, ['at']);
      const starts = version.valid_from ?? end;
      const validUntil = starts > end ? starts : end;
      await client.query(`update agreement_version set state = 'TERMINATED', valid_until = $2 where id = $1`, [version.id, validUntil]);
      await checkInTime(client, tenantId, end);
      const after = { agreementVersion: number, state: 'TERMINATED', validUntil: validUntil.toISOString() };
      return { result: agreementId, audit: { ...audited(agreementId.toString(), after), reason: why } };
    });
  }

  private decide(
    actor: Actor, operation: string, { agreementId, version: number }: AgreementRef,
    work: (client: PoolClient, version: VersionRow) => Promise<{ readonly [fact: string]: string }>, reason?: string,
  ): Promise<bigint> {
    const why = reason === undefined ? undefined : checkedName(reason, ['reason']);
    return changeAudited(this.data, actor, operation, { type: TYPE, id: agreementId.toString() }, async ({ client }) => {
      await lockCatalog(client, actor.tenantId);
      const version = await lockVersion(client, actor.tenantId, agreementId, number) ?? refuse('NOT_FOUND', 'No such agreement version.', ['agreementId']);
      if (version.state !== 'IN_PROCESS') refuse('CONFLICT', `The version is ${version.state}.`, ['version']);
      const after = { agreementVersion: number, ...await work(client, version) };
      return { result: agreementId, audit: { ...audited(agreementId.toString(), after), ...(why === undefined ? {} : { reason: why }) } };
    });
  }
}

/** Called last. @throws Refusal OVERLOADED where the decision took so long that batches might share by the old one after its time. */
async function checkInTime(client: PoolClient, tenantId: number, start: Date): Promise<void> {
  const now = await businessNow(client, tenantId);
  if (now.getTime() + COMMIT_MS > start.getTime()) refuse('OVERLOADED', 'The decision took too long; nothing was done. Repeat in a moment.');
}

const audited = (objectId: string, after: AuditedObject['after']): AuditedObject => ({ objectType: TYPE, objectId, after });

async function withOfferings(client: PoolClient, tenantId: number, items: AgreementProposal['items']): Promise<ProposedItem[]> {
  const codes = items.flatMap(({ offeringCode }) => (offeringCode !== null && isExternalId(offeringCode) ? [offeringCode] : []));
  const { rows } = await client.query<{ id: string; code: string }>(
    'select id, code from product_offering where tenant_id = $1 and code = any($2::text[])', [tenantId, codes]);
  const byCode = new Map(rows.map(({ id, code }) => [code, BigInt(id)]));
  return items.map(({ offeringCode, ...item }, index) => ({
    ...item, offeringId: offeringCode === null ? null : byCode.get(offeringCode)
      ?? refuse('NOT_FOUND', 'There is no offering of this code.', ['items', `${index}`, 'offeringCode']),
  }));
}

async function checkPartners(client: PoolClient, tenantId: number, items: readonly ProposedItem[]): Promise<void> {
  for (const [index, { parts, residualPartnerId }] of items.entries()) {
    for (const [at, { partnerId }] of parts.entries()) await checkPartner(client, tenantId, partnerId, ['items', `${index}`, 'parties', `${at}`, 'partnerId']);
    if (residualPartnerId !== null) await checkPartner(client, tenantId, residualPartnerId, ['items', `${index}`, 'residualPartnerId']);
  }
}

async function checkPartner(client: PoolClient, tenantId: number, partnerId: bigint, path: string[]): Promise<void> {
  const { state } = await lockPartner(client, tenantId, partnerId, path);
  if (state === 'TERMINATED') refuse('CONFLICT', 'The partner is TERMINATED.', path);
}

/** The agreement of a code, made where there is none; its name stays that of its first version. */
async function agreementOf(client: PoolClient, tenantId: number, code: string, name: string): Promise<string> {
  const found = await client.query<{ id: string }>('select id from agreement where tenant_id = $1 and code = $2', [tenantId, code]);
  if (found.rows[0]) return found.rows[0].id;
  const made = await client.query<{ id: string }>('insert into agreement (tenant_id, code, name) values ($1, $2, $3) returning id', [tenantId, code, name]);
  return made.rows[0]!.id;
}

async function insertVersion(
  client: PoolClient, actor: Actor, agreementId: string, { currency, validFrom }: AgreementProposal,
): Promise<{ readonly id: string; readonly number: number }> {
  const { rows: [last] } = await client.query<{ number: number; waits: boolean }>(
    `select coalesce(max(version), 0)::int as number, coalesce(bool_or(state = 'IN_PROCESS'), false) as waits from agreement_version where agreement_id = $1`,
    [agreementId]);
  if (last?.waits) refuse('CONFLICT', 'A version of this agreement waits to be decided.', ['code']);
  const number = (last?.number ?? 0) + 1;
  const { rows } = await client.query<{ id: string }>(`insert into agreement_version (tenant_id, agreement_id, version, currency, valid_from, proposed_by, proposed_at)
    values ($1, $2, $3, $4, $5, $6, $7) returning id`,
  [actor.tenantId, agreementId, number, currency, validFrom, actor.subject, await businessNow(client, actor.tenantId)]);
  return { id: rows[0]!.id, number };
}

async function insertItem(client: PoolClient, tenantId: number, versionId: string, index: number, item: ProposedItem): Promise<void> {
  await client.query(`insert into agreement_item (agreement_version_id, item, tenant_id, offering_id, kind, basis, residual_partner_id)
    values ($1, $2, $3, $4, $5, $6, $7)`,
  [versionId, index, tenantId, item.offeringId?.toString() ?? null, item.kind, item.basis, item.residualPartnerId?.toString() ?? null]);
  for (const { partnerId, percent, rate } of item.parts) {
    await client.query(`insert into agreement_part (agreement_version_id, item, partner_id, tenant_id, model, percent, amount, per, unit)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [versionId, index, partnerId.toString(), tenantId, percent === null ? 'PER_UNIT' : 'PERCENTAGE', percent,
      rate?.amount.toString() ?? null, rate?.per.toString() ?? null, rate?.unit ?? null]);
  }
}

async function checkReady(client: PoolClient, version: VersionRow): Promise<void> {
  for (const { state, has_account: hasAccount } of await partnersOf(client, version.id, version.currency)) {
    if (state !== 'ACTIVE') refuse('CONFLICT', `A partner of the agreement is ${state}.`, ['version']);
    if (!hasAccount) refuse('CURRENCY_MISMATCH', `A partner of the agreement has no settlement account in ${version.currency}.`, ['version']);
  }
}

async function endBefore(client: PoolClient, version: VersionRow, at: Date): Promise<void> {
  const last = await lastApproved(client, version.agreement_id);
  if (!last?.valid_from) return;
  if (last.valid_from > at) refuse('CONFLICT', `A version starts at ${last.valid_from.toISOString()}; the next one starts no earlier.`, ['version']);
  if (last.valid_until === null || last.valid_until > at) await client.query('update agreement_version set valid_until = $2 where id = $1', [last.id, at]);
}
