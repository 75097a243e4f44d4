import { ArgsType, Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { BigIntScalar, connectionOf, DateTimeScalar, PageArgs } from '../platform/graphql';
import type { AuditResult } from './audit.types';

export const AuditResultEnum: { readonly [R in AuditResult]: R } = { DONE: 'DONE', REFUSED: 'REFUSED' };

registerEnumType(AuditResultEnum, {
  name: 'AuditResult',
  description: 'How a privileged change ended.',
  valuesConfig: {
    DONE: { description: 'The change was made, in the same transaction as this record.' },
    REFUSED: { description: 'The change was refused; nothing was changed.' },
  },
});

@ObjectType('AuditRecord', { simpleResolvers: true, description: 'One privileged change or its refusal, never altered or removed.' })
export class AuditRecord {
  @Field(() => BigIntScalar, { description: 'Place in the tenant\'s chain: 1, 2, 3 and so on without a hole.' })
  sequence!: bigint;

  @Field(() => DateTimeScalar, { description: 'When it was recorded, by the clock of the database.' })
  at!: Date;

  @Field(() => String, { description: 'The `sub` of the caller\'s token, or the name of the operator\'s command.' })
  actor!: string;

  @Field(() => String, { description: 'The role that the caller acted in.' })
  role!: string;

  @Field(() => String, { description: 'The mutation or command, such as `chargeRefund`.' })
  operation!: string;

  @Field(() => String, { description: 'The type of the object that was changed; empty where a refused call named none.' })
  objectType!: string;

  @Field(() => String, { description: 'The internal id of the object; empty where a refused call named none.' })
  objectId!: string;

  @Field(() => String, { nullable: true, description: 'What stood before, as JSON text of references, states and amounts; null where nothing did.' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'What stands after, as JSON text like `before`; of a refusal its `errorCode`.' })
  after!: string | null;

  @Field(() => String, { nullable: true, description: 'The reason that was given; long numbers and mail addresses are masked.' })
  reason!: string | null;

  @Field(() => String, { description: 'Id of the request, as shown to its caller and in the logs.' })
  requestId!: string;

  @Field(() => AuditResultEnum, { description: 'Whether the change was made.' })
  result!: AuditResult;

  @Field(() => String, { description: 'SHA-256 over this record and the one before it, in hexadecimal.' })
  hash!: string;
}

export const AuditRecordConnection = connectionOf(AuditRecord, 'AuditRecord');

@InputType('AuditLogFilter', { description: 'Which records to return: those that fit every given field.' })
export class AuditLogFilter {
  @Field(() => String, { nullable: true, description: 'Only what this actor did.' })
  actor?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this mutation or command.' })
  operation?: string | null;

  @Field(() => String, { nullable: true, description: 'Only objects of this type.' })
  objectType?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this object, by its internal id.' })
  objectId?: string | null;

  @Field(() => AuditResultEnum, { nullable: true, description: 'Only changes that ended so.' })
  result?: AuditResult | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only records from this instant on.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only records before this instant.' })
  until?: Date | null;
}

@ArgsType()
export class AuditLogArgs extends PageArgs {
  @Field(() => AuditLogFilter, { nullable: true, description: 'Which records to return; null returns all.' })
  filter?: AuditLogFilter | null;
}
