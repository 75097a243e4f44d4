import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { Actor, changeAudited } from '../tenant';
import { CustomerEntity, Segment } from './customer.entity';
import { refusingTaken } from './party.constraints';
import { PartyEntity } from './party.entity';
import { checkedExternalId, checkedName, checkedOptionalName } from './text.rules';

export interface NewIndividual {
  readonly givenName?: string | null;
  readonly familyName: string;
}

export interface NewOrganization {
  readonly tradingName: string;
}

export interface NewCustomer {
  readonly partyId: bigint;
  readonly externalId?: string | null;
  readonly segment: Segment;
}

/** Parties and their role as customers. Every use-case refuses by throwing Refusal, before its first write. */
export class PartyService {
  constructor(private readonly data: DataSource) {}

  /** A natural person. @throws Refusal INVALID_INPUT */
  individualCreate(actor: Actor, input: NewIndividual): Promise<PartyEntity> {
    const givenName = checkedOptionalName(input.givenName, ['givenName']);
    const familyName = checkedName(input.familyName, ['familyName']);
    return this.insert(actor, 'individualCreate', { kind: 'INDIVIDUAL', givenName, familyName });
  }

  /** A legal person. @throws Refusal INVALID_INPUT */
  organizationCreate(actor: Actor, input: NewOrganization): Promise<PartyEntity> {
    const tradingName = checkedName(input.tradingName, ['tradingName']);
    return this.insert(actor, 'organizationCreate', { kind: 'ORGANIZATION', tradingName });
  }

  /** Makes a party a customer. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT, ALREADY_EXISTS (external id) */
  customerCreate(actor: Actor, input: NewCustomer): Promise<CustomerEntity> {
    const { tenantId } = actor;
    const externalId = input.externalId === null || input.externalId === undefined ? null : checkedExternalId(input.externalId, ['externalId']);
    return changeAudited(this.data, actor, 'customerCreate', { type: 'Customer', id: '' }, async ({ manager }) => {
      const party = await manager.findOneBy(PartyEntity, { id: input.partyId.toString(), tenantId });
      if (!party) refuse('NOT_FOUND', 'No such party.', ['partyId']);
      if (party.state === 'CLOSED' || party.state === 'DECEASED') refuse('CONFLICT', 'The party can no longer become a customer.', ['partyId']);
      const row = { tenantId, partyId: input.partyId, externalId, segment: input.segment };
      const { identifiers } = await refusingTaken(manager.insert(CustomerEntity, row));
      const result = await manager.findOneByOrFail(CustomerEntity, identifiers[0]);
      return { result, audit: { objectType: 'Customer', objectId: result.id, after: { partyId: party.id } } };
    });
  }

  /** The audit row names the party by its id alone. */
  private insert(actor: Actor, operation: string, row: Partial<PartyEntity>): Promise<PartyEntity> {
    return changeAudited(this.data, actor, operation, { type: 'Party', id: '' }, async ({ manager }) => {
      const { identifiers } = await manager.insert(PartyEntity, { ...row, tenantId: actor.tenantId });
      const result = await manager.findOneByOrFail(PartyEntity, identifiers[0]);
      return { result, audit: { objectType: 'Party', objectId: result.id, after: { partyKind: result.kind } } };
    });
  }
}
