import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, DateTimeScalar, PageArgs, Quantity } from '../platform/graphql';

@ObjectType('UsageComparison', {
  simpleResolvers: true,
  description: 'What the records (CDRs) of one source say of one charging id, beside what was charged under it. Units of one kind.',
})
export class UsageComparison {
  @Field(() => String, { description: 'Charging id (TS 32.255).' })
  readonly chargingId!: string;

  @Field(() => String, { description: 'Name of the sender of the records.' })
  readonly source!: string;

  @Field(() => DateTimeScalar, { description: 'Start of the usage of the first record that came.' })
  readonly startedAt!: Date;

  @Field(() => Quantity, { description: 'What was charged online; it may still grow.' })
  readonly online!: Quantity;

  @Field(() => Int, { description: 'Usages charged online.' })
  readonly onlineUsages!: number;

  @Field(() => Quantity, { description: 'What the records say, all of them together.' })
  readonly recorded!: Quantity;

  @Field(() => Int, { description: 'Records that came.' })
  readonly records!: number;

  @Field(() => Quantity, { description: 'What of the records was charged, because nothing was charged online when they came.' })
  readonly chargedAsRecorded!: Quantity;

  @Field(() => Int, { description: 'Records that were charged.' })
  readonly chargedRecords!: number;

  @Field(() => Quantity, { description: 'What was charged, online or as records, less what the records say: positive where more was charged, negative where less.' })
  readonly difference!: Quantity;
}

export const UsageComparisonConnection = connectionOf(UsageComparison, 'UsageComparison');

@ArgsType()
export class UsageComparisonArgs extends PageArgs {
  @Field(() => Boolean, { defaultValue: false, description: 'Only those where the records say something else than was charged.' })
  differing: boolean = false;

  @Field(() => String, { nullable: true, description: 'Only records of this sender; null = of any.' })
  source?: string | null;
}
