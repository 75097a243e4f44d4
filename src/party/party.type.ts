import { Field, InterfaceType, ObjectType } from 'type-graphql';
import { encodeId, Node } from '../platform/graphql';
import { PartyStateEnum } from './party.enums';
import type { PartyEntity, PartyState } from './party.entity';

/** The person or organization behind a role. */
@InterfaceType('Party', { implements: Node, description: 'The natural or legal person behind a role (TMF632).' })
export abstract class Party extends Node {
  @Field(() => String, { description: 'The name as people say it.' })
  readonly name!: string;

  @Field(() => PartyStateEnum, { description: 'Life of the party.' })
  readonly state!: PartyState;
}

@ObjectType('Individual', { implements: [Party, Node], simpleResolvers: true, description: 'A natural person (TMF632).' })
export class Individual extends Party {
  @Field(() => String, { nullable: true, description: 'Given names; null where unknown.' })
  readonly givenName!: string | null;

  @Field(() => String, { description: 'Family name.' })
  readonly familyName!: string;
}

@ObjectType('Organization', { implements: [Party, Node], simpleResolvers: true, description: 'A legal person (TMF632).' })
export class Organization extends Party {
  @Field(() => String, { description: 'The name under which it trades.' })
  readonly tradingName!: string;
}

/** A party's row as the API shows it. */
export const partyOf = (row: PartyEntity): Individual | Organization =>
  (row.kind === 'INDIVIDUAL' ? individualOf(row) : organizationOf(row));

export function individualOf(row: PartyEntity): Individual {
  const familyName = row.familyName ?? '';
  const name = row.givenName === null ? familyName : `${row.givenName} ${familyName}`;
  return Object.assign(new Individual(), {
    id: encodeId('Individual', row.id), name, state: row.state, givenName: row.givenName, familyName,
  });
}

export function organizationOf(row: PartyEntity): Organization {
  const tradingName = row.tradingName ?? '';
  return Object.assign(new Organization(), { id: encodeId('Organization', row.id), name: tradingName, state: row.state, tradingName });
}
