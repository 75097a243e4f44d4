import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Quantity as UnitCount, Unit } from '../money';
import { BigIntScalar } from './scalars';

export const UsageUnit: { readonly [U in Unit]: U } = { BYTE: 'BYTE', SECOND: 'SECOND', EVENT: 'EVENT' };

registerEnumType(UsageUnit, {
  name: 'UsageUnit',
  description: 'The units usage is measured in.',
  valuesConfig: {
    BYTE: { description: 'Bytes of data volume.' },
    SECOND: { description: 'Seconds of time.' },
    EVENT: { description: 'Pieces: messages, downloads, events.' },
  },
});

/** Units as the API shows them: a count never travels without its unit. */
@ObjectType('Quantity', { simpleResolvers: true, description: 'A count of units of usage.' })
export class Quantity {
  @Field(() => BigIntScalar, { description: 'Whole number of units.' })
  readonly amount!: bigint;

  @Field(() => UsageUnit, { description: 'Unit that is counted.' })
  readonly unit!: Unit;
}

/** Units as a caller states them. */
@InputType('QuantityInput', { description: 'A count of units of usage.' })
export class QuantityInput {
  @Field(() => BigIntScalar, { description: 'Whole number of units.' })
  amount!: bigint;

  @Field(() => UsageUnit, { description: 'Unit that is counted.' })
  unit!: Unit;
}

/** A quantity of the product as the API shows it. */
export const quantityOf = (amount: UnitCount, unit: Unit): Quantity => ({ amount, unit });
