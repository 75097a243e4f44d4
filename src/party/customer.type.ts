import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, DateTimeScalar, encodeId, Node } from '../platform/graphql';
import type { CustomerEntity, CustomerState, Segment } from './customer.entity';
import { ValidityRange } from './identifier.type';
import { CustomerStateEnum, SegmentEnum } from './party.enums';

@ObjectType('Customer', { implements: Node, simpleResolvers: true, description: 'A party that buys (TMF629); it owns billing accounts.' })
export class Customer extends Node {
  @Field(() => String, { nullable: true, description: 'The customer\'s key in the operator\'s own CRM.' })
  readonly externalId!: string | null;

  @Field(() => SegmentEnum, { description: 'The market the customer belongs to.' })
  readonly segment!: Segment;

  @Field(() => CustomerStateEnum, { description: 'Life of the customer.' })
  readonly state!: CustomerState;

  @Field(() => Int, { description: 'Raised by every change of the customer.' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'When the customer was recorded.' })
  readonly createdAt!: Date;

  @Field(() => ValidityRange, {
    nullable: true,
    description: 'In the answer of customerByIdentifier: when the customer owned the identifier asked for. Null elsewhere.',
  })
  readonly identifierValid!: ValidityRange | null;

  /** Key of the row, for field resolvers. */
  readonly customerId!: bigint;
  readonly partyId!: bigint;
}

export const CustomerConnection = connectionOf(Customer, 'Customer');

export const customerOf = (row: CustomerEntity, identifierValid: ValidityRange | null = null): Customer =>
  Object.assign(new Customer(), {
    id: encodeId('Customer', row.id), externalId: row.externalId, segment: row.segment, state: row.state, version: row.version,
    createdAt: row.createdAt, identifierValid, customerId: BigInt(row.id), partyId: row.partyId,
  });
