import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../platform/errors';
import { BigIntScalar, DateTimeScalar } from '../platform/graphql';
import type { SliceMeasure } from './reservation.types';
import { SliceMeasureEnum } from './slice.enums';

export interface Shortage {
  readonly area: string;
  readonly measure: SliceMeasure;
  readonly wanted: bigint;
  readonly free: bigint;
  readonly from: Date;
}

/** What an area cannot give for the whole of a slice's time: says what is short, by how much and from when. */
@ObjectType('SliceCapacityExceeded', { implements: UserError, description: 'The area has not enough of a measure left for the whole time of the slice.' })
export class SliceCapacityExceeded extends UserError {
  @Field(() => String, { description: 'Code of the area.' })
  readonly area: string;

  @Field(() => SliceMeasureEnum, { description: 'What is short.' })
  readonly measure: SliceMeasure;

  @Field(() => BigIntScalar, { description: 'How much was asked for, in the unit of the measure.' })
  readonly wanted: bigint;

  @Field(() => BigIntScalar, { description: 'The least that is free at any instant of the time asked for, in the unit of the measure.' })
  readonly free: bigint;

  @Field(() => DateTimeScalar, { description: 'First instant at which no more than that is free.' })
  readonly from: Date;

  constructor({ area, measure, wanted, free, from }: Shortage, path: readonly string[]) {
    super('SLICE_CAPACITY_EXCEEDED', `From ${from.toISOString()} on the area ${area} has ${free} of ${measure} left, ${wanted} are asked for.`, path);
    this.area = area;
    this.measure = measure;
    this.wanted = wanted;
    this.free = free;
    this.from = from;
  }

  override graphqlType(): string {
    return 'SliceCapacityExceeded';
  }
}
