import { Field, ObjectType } from 'type-graphql';
import { connectionOf, DateTimeScalar } from '../platform/graphql';
import type { IdentifierKind } from '../usage/usage.types';
import type { IdentifierEntity } from './identifier.entity';
import { IdentifierKindEnum } from './party.enums';

@ObjectType('ValidityRange', { simpleResolvers: true, description: 'A stretch of time: its start is included, its end is not.' })
export class ValidityRange {
  @Field(() => DateTimeScalar, { description: 'First instant of the range.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant after the range; null while it is open.' })
  readonly until!: Date | null;
}

@ObjectType('AssignedIdentifier', { simpleResolvers: true, description: 'A number or other key of usage, and the time for which an account owns it.' })
export class AssignedIdentifier {
  @Field(() => IdentifierKindEnum, { description: 'What kind of key it is.' })
  readonly kind!: IdentifierKind;

  @Field(() => String, { description: 'The value in its one stored spelling; a telephone number has its country code and no "+".' })
  readonly value!: string;

  @Field(() => ValidityRange, { description: 'When the account owns it; usage finds its owner by its own time.' })
  readonly valid!: ValidityRange;

  /** The product that its usage belongs to; other rooms show it. */
  readonly productId!: bigint | null;
}

export const AssignedIdentifierConnection = connectionOf(AssignedIdentifier, 'AssignedIdentifier');

export const assignedIdentifierOf = (row: IdentifierEntity): AssignedIdentifier =>
  Object.assign(new AssignedIdentifier(), {
    kind: row.kind, value: row.value, valid: { from: row.validFrom, until: row.validUntil }, productId: row.productId,
  });
