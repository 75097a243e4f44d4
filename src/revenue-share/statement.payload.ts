import { Field, ObjectType } from 'type-graphql';
import { Payload } from '../tenant';
import { RevenueShareStatement } from './statement.type';

@ObjectType('StatementClosePayload', { description: 'Outcome of statementClose.' })
export class StatementClosePayload extends Payload {
  @Field(() => RevenueShareStatement, { nullable: true, description: 'The statement of the month; null where refused.' })
  readonly statement!: RevenueShareStatement | null;
}

@ObjectType('StatementPublishPayload', { description: 'Outcome of statementPublish.' })
export class StatementPublishPayload extends Payload {
  @Field(() => RevenueShareStatement, { nullable: true, description: 'The statement as published; null where refused.' })
  readonly statement!: RevenueShareStatement | null;
}

@ObjectType('StatementAcceptPayload', { description: 'Outcome of statementAccept.' })
export class StatementAcceptPayload extends Payload {
  @Field(() => RevenueShareStatement, { nullable: true, description: 'The statement as accepted; null where refused.' })
  readonly statement!: RevenueShareStatement | null;
}

@ObjectType('StatementDisputePayload', { description: 'Outcome of statementDispute.' })
export class StatementDisputePayload extends Payload {
  @Field(() => RevenueShareStatement, { nullable: true, description: 'The statement as disputed; null where refused.' })
  readonly statement!: RevenueShareStatement | null;
}

@ObjectType('StatementSettlePayload', { description: 'Outcome of statementSettle.' })
export class StatementSettlePayload extends Payload {
  @Field(() => RevenueShareStatement, { nullable: true, description: 'The statement as settled; null where refused.' })
  readonly statement!: RevenueShareStatement | null;
}
