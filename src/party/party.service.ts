import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { Actor, Change, changeMasterData } from '../tenant';
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
    return this.insert({ tenantId: actor.tenantId, kind: 'INDIVIDUAL', givenName, familyName });
  }

  /** A legal person. @throws Refusal INVALID_INPUT */
  organizationCreate(actor: Actor, input: NewOrganization): Promise<PartyEntity> {
    const tradingName = checkedName(input.tradingName, ['tradingName']);
    return this.insert({ tenantId: actor.tenantId, kind: 'ORGANIZATION', tradingName });
  }

  /** Makes a party a customer. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT, ALREADY_EXISTS (external id) */
  customerCreate(actor: Actor, input: NewCustomer): Promise<CustomerEntity> {
    const { tenantId } = actor;
    const externalId = input.externalId === null || input.externalId === undefined ? null : checkedExternalId(input.externalId, ['externalId']);
    return changeMasterData(this.data, async ({ manager }) => {
      const party = await manager.findOneBy(PartyEntity, { id: input.partyId.toString(), tenantId });
      if (!party) refuse('NOT_FOUND', 'No such party.', ['partyId']);
      if (party.state === 'CLOSED' || party.state === 'DECEASED') refuse('CONFLICT', 'The party can no longer become a customer.', ['partyId']);
      const row = { tenantId, partyId: input.partyId, externalId, segment: input.segment };
      const { identifiers } = await refusingTaken(manager.insert(CustomerEntity, row));
      return manager.findOneByOrFail(CustomerEntity, identifiers[0]);
    });
  }

  private insert(row: Partial<PartyEntity>): Promise<PartyEntity> {
    return changeMasterData(this.data, async ({ manager }: Change) => {
      const { identifiers } = await manager.insert(PartyEntity, row);
      return manager.findOneByOrFail(PartyEntity, identifiers[0]);
    });
  }
}
