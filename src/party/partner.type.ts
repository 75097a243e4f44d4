import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, CurrencyCodeScalar, DateTimeScalar, encodeId, Node } from '../platform/graphql';
import { PartnerStateEnum } from './party.enums';
import type { PartnerState } from './partner.rules';

@ObjectType('SettlementAccount', { implements: Node, simpleResolvers: true, description: 'Where the shares of a partner in one currency are settled (TMF666).' })
export class SettlementAccount extends Node {
  @Field(() => CurrencyCodeScalar, { description: 'The one currency of its money; never changes.' })
  readonly currency!: string;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was opened; its first period is the month that holds it.' })
  readonly openedAt!: Date;

  /** Keys of the row, for field resolvers. */
  readonly accountKey!: bigint;
  readonly partnerKey!: bigint;
}

@ObjectType('Partner', { implements: Node, simpleResolvers: true, description: 'An organization in the role of one with whom revenue is shared (PartyRole of TMF669).' })
export class Partner extends Node {
  @Field(() => String, { description: 'The name under which it trades.' })
  readonly name!: string;

  @Field(() => PartnerStateEnum, { description: 'Life of the partner.' })
  readonly state!: PartnerState;

  @Field(() => Int, { description: 'Raised by every change of the partner.' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'Business time at which it became one.' })
  readonly createdAt!: Date;

  /** Key of the row, for field resolvers. */
  readonly partnerKey!: bigint;
}

export const PartnerConnection = connectionOf(Partner, 'Partner');

export interface PartnerRecord {
  readonly party_id: string;
  readonly trading_name: string;
  readonly state: PartnerState;
  readonly version: number;
  readonly created_at: Date;
}

export const partnerOf = (row: PartnerRecord): Partner => Object.assign(new Partner(), {
  id: encodeId('Partner', row.party_id), name: row.trading_name, state: row.state, version: row.version, createdAt: row.created_at,
  partnerKey: BigInt(row.party_id),
});

export interface SettlementAccountRecord {
  readonly id: string;
  readonly partner_id: string;
  readonly currency: string;
  readonly opened_at: Date;
}

export const settlementAccountOf = (row: SettlementAccountRecord): SettlementAccount => Object.assign(new SettlementAccount(), {
  id: encodeId('SettlementAccount', row.id), currency: row.currency, openedAt: row.opened_at, accountKey: BigInt(row.id), partnerKey: BigInt(row.partner_id),
});
