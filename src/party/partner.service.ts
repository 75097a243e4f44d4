import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { Actor, businessNow, changeAudited } from '../tenant';
import { refusingTaken } from './party.constraints';
import { partnerAfter, PartnerState, PartnerStep } from './partner.rules';

export interface PartnerStepInput {
  readonly partnerId: bigint;
  readonly expectedVersion: number;
  /** Why; null where a step needs no reason. */
  readonly reason: string | null;
}

/** Refuses what must not happen to a partner while something else needs it; given by the rooms above. */
export type PartnerEnd = (client: PoolClient, partnerId: bigint, now: Date) => Promise<void>;

interface PartnerRow { readonly state: PartnerState; readonly version: number }

/** Partners in their life, and the accounts they are settled on. */
export class PartnerService {
  /** @param mayEnd refuses the end of a partner who still has an agreement in force. */
  constructor(private readonly data: DataSource, private readonly mayEnd: PartnerEnd) {}

  /** Makes an organization a partner. @throws Refusal NOT_FOUND, CONFLICT (closed), ALREADY_EXISTS */
  create(actor: Actor, organizationId: bigint): Promise<bigint> {
    const object = { type: 'Partner', id: organizationId.toString() };
    return changeAudited(this.data, actor, 'partnerCreate', object, async ({ client }) => {
      const { rows: [party] } = await client.query<{ state: string }>(
        `select state from party where id = $1 and tenant_id = $2 and kind = 'ORGANIZATION' for update`, [object.id, actor.tenantId]);
      if (!party) refuse('NOT_FOUND', 'No such organization.', ['organizationId']);
      if (party.state === 'CLOSED') refuse('CONFLICT', 'The organization is closed.', ['organizationId']);
      await refusingTaken(client.query('insert into partner (party_id, tenant_id, created_at) values ($1, $2, $3)',
        [object.id, actor.tenantId, await businessNow(client, actor.tenantId)]));
      return { result: organizationId, audit: { objectType: object.type, objectId: object.id, after: { state: 'INITIALIZED' } } };
    });
  }

  /** One step of a partner's life. @throws Refusal NOT_FOUND, CONFLICT (another version, no such step, agreement in force), INVALID_INPUT */
  step(actor: Actor, operation: string, step: PartnerStep, { partnerId, expectedVersion, reason }: PartnerStepInput): Promise<bigint> {
    const object = { type: 'Partner', id: partnerId.toString() };
    return changeAudited(this.data, actor, operation, object, async ({ client }) => {
      const row = await lockPartner(client, actor.tenantId, partnerId);
      const state = partnerAfter(row.state, step);
      if (row.version !== expectedVersion) refuse('CONFLICT', `The partner has version ${row.version}.`, ['expectedVersion']);
      if (state === 'TERMINATED') await this.mayEnd(client, partnerId, await businessNow(client, actor.tenantId));
      await client.query('update partner set state = $2, state_reason = $3, version = version + 1 where party_id = $1', [object.id, state, reason]);
      const audit = { objectType: object.type, objectId: object.id, before: { state: row.state }, after: { state }, ...(reason === null ? {} : { reason }) };
      return { result: partnerId, audit };
    });
  }

  /** Opens the account in which a partner is settled in a currency. @throws Refusal NOT_FOUND, CONFLICT (terminated), ALREADY_EXISTS */
  openAccount(actor: Actor, { partnerId, currency }: { readonly partnerId: bigint; readonly currency: string }): Promise<bigint> {
    const object = { type: 'SettlementAccount', id: '' };
    return changeAudited(this.data, actor, 'settlementAccountOpen', object, async ({ client }) => {
      const { state } = await lockPartner(client, actor.tenantId, partnerId);
      if (state === 'TERMINATED') refuse('CONFLICT', 'The partner is TERMINATED.', ['partnerId']);
      const { rows } = await refusingTaken(client.query<{ id: string }>(
        'insert into settlement_account (tenant_id, partner_id, currency, opened_at) values ($1, $2, $3, $4) returning id',
        [actor.tenantId, partnerId.toString(), currency, await businessNow(client, actor.tenantId)]));
      const { id } = rows[0]!;
      return { result: BigInt(id), audit: { objectType: object.type, objectId: id, after: { partnerId: partnerId.toString(), currency } } };
    });
  }
}

/** The partner's row, locked. @throws Refusal NOT_FOUND at `path` */
export async function lockPartner(client: PoolClient, tenantId: number, partnerId: bigint, path: readonly string[] = ['partnerId']): Promise<PartnerRow> {
  const { rows: [row] } = await client.query<PartnerRow>(
    'select state, version from partner where party_id = $1 and tenant_id = $2 for update', [partnerId.toString(), tenantId]);
  return row ?? refuse('NOT_FOUND', 'No such partner.', path);
}
