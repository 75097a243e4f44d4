import { Field, ID, InputType, Int } from 'type-graphql';
import { DateScalar } from '../platform/graphql';

@InputType('StatementCloseInput', { description: 'A month of a settlement account to be closed.' })
export class StatementCloseInput {
  @Field(() => ID, { description: 'The settlement account.' })
  settlementAccountId!: string;

  @Field(() => DateScalar, { description: 'First day of the month in the tenant\'s zone.' })
  periodFrom!: string;
}

@InputType('StatementPublishInput', { description: 'A calculated statement to be shown to its partner.' })
export class StatementPublishInput {
  @Field(() => ID, { description: 'The statement.' })
  statementId!: string;

  @Field(() => Int, { description: 'Version of the statement that the caller saw.' })
  expectedVersion!: number;
}

@InputType('StatementAcceptInput', { description: 'A published statement that is right.' })
export class StatementAcceptInput {
  @Field(() => ID, { description: 'The statement.' })
  statementId!: string;

  @Field(() => Int, { description: 'Version of the statement that the caller saw.' })
  expectedVersion!: number;
}

@InputType('StatementDisputeInput', { description: 'A published statement that is held to be wrong.' })
export class StatementDisputeInput {
  @Field(() => ID, { description: 'The statement.' })
  statementId!: string;

  @Field(() => Int, { description: 'Version of the statement that the caller saw.' })
  expectedVersion!: number;

  @Field(() => String, { description: 'What is wrong, 1 to 200 characters; name lines and shares by their numbers.' })
  reason!: string;
}

@InputType('StatementSettleInput', { description: 'An accepted or disputed statement that was paid.' })
export class StatementSettleInput {
  @Field(() => ID, { description: 'The statement.' })
  statementId!: string;

  @Field(() => String, { description: 'Reference of the payment, 1 to 100 printable ASCII characters.' })
  reference!: string;

  @Field(() => String, { description: 'Key of this settlement by the caller, 1 to 100 printable ASCII characters: repeated, it settles once.' })
  idempotencyKey!: string;
}
