import { Field, InputType } from 'type-graphql';
import { UsageInput } from '../usage/usage.input';

@InputType('UsageChargeInput', { description: 'Usages of one source to be charged.' })
export class UsageChargeInput {
  @Field(() => String, { description: 'Name of the sender, 1 to 64 printable ASCII characters; with it a usageId is unique.' })
  source!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the usage was already delivered: it is then charged in full, below zero if need be, and never refused for lack of money.',
  })
  delivered!: boolean;

  @Field(() => [UsageInput], { description: 'The usages, 1 to 1,000.' })
  usages!: UsageInput[];
}
