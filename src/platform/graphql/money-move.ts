import type { GraphQLField } from 'graphql';
import { Extensions } from 'type-graphql';

const MONEY_MOVE = 'moneyMove';

/** Marks a mutation that moves money or units: a request may hold at most one of them. */
export const MoneyMove = (): MethodDecorator & PropertyDecorator & ClassDecorator => Extensions({ [MONEY_MOVE]: true });

/** Whether the root field was marked with `@MoneyMove()`. */
export const isMoneyMove = (field: GraphQLField<unknown, unknown>): boolean => field.extensions[MONEY_MOVE] === true;
