import { Field, Int, ObjectType } from 'type-graphql';
import { UsageKindEnum } from '../catalog';
import { type ErrorCode, ErrorCodeEnum } from '../platform/errors';
import { connectionOf, DateTimeScalar, Node, Quantity } from '../platform/graphql';
import type { UsageKind } from '../usage/usage.types';

@ObjectType('QuarantineReason', { simpleResolvers: true, description: 'Why a usage was put aside.' })
export class QuarantineReason {
  @Field(() => ErrorCodeEnum, { description: 'Stable code for programs.' })
  readonly code!: ErrorCode;

  @Field(() => String, { description: 'One plain sentence for people.' })
  readonly message!: string;
}

@ObjectType('QuarantinedUsage', { implements: Node, simpleResolvers: true, description: 'A usage put aside, to be driven again once what kept it is mended.' })
export class QuarantinedUsage extends Node {
  @Field(() => String, { description: 'The sender\'s id of it.' })
  readonly usageId!: string;

  @Field(() => String, { description: 'Name of the sender.' })
  readonly source!: string;

  @Field(() => UsageKindEnum, { description: 'What was used.' })
  readonly kind!: UsageKind;

  @Field(() => String, { description: 'The key by which its owner was looked for, such as the number.' })
  readonly subscriber!: string;

  @Field(() => DateTimeScalar, { description: 'Its start.' })
  readonly startedAt!: Date;

  @Field(() => Quantity, { description: 'How much was used.' })
  readonly quantity!: Quantity;

  @Field(() => QuarantineReason, { description: 'Why it was put aside, as of the last attempt.' })
  readonly reason!: QuarantineReason;

  @Field(() => Int, { description: 'How often it was tried.' })
  readonly attempts!: number;

  @Field(() => DateTimeScalar, { description: 'When it came first.' })
  readonly receivedAt!: Date;
}

export const QuarantinedUsageConnection = connectionOf(QuarantinedUsage, 'QuarantinedUsage');
