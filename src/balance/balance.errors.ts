import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../platform/errors';
import { Money, moneyOf } from '../platform/graphql';
import type { Amount } from '../platform/money';

/** LIMIT_EXCEEDED with the limit, so that a caller need not read it out of a sentence. */
@ObjectType('LimitExceeded', { implements: UserError, description: 'The amount is above what this caller may move at once.' })
export class LimitExceeded extends UserError {
  @Field(() => Money, { description: 'The most that this caller may move at once.' })
  readonly limit: Money;

  constructor(limit: Amount, currency: string, path: readonly string[]) {
    const shown = moneyOf(limit, currency);
    super('LIMIT_EXCEEDED', `You may move at most ${shown.amount} ${shown.currency} at once.`, path);
    this.limit = shown;
  }

  override graphqlType(): string {
    return 'LimitExceeded';
  }
}
