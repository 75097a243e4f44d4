import { Field, ID, InputType } from 'type-graphql';
import { DateScalar, MoneyInput } from '../platform/graphql';

@InputType('BillRunStartInput', { description: 'Which bill periods to bill.' })
export class BillRunStartInput {
  @Field(() => DateScalar, { description: 'Local day on which the periods ended, such as the 1st for periods of calendar months. Not after today.' })
  cycleEnd!: string;

  @Field(() => String, { description: 'A new key a run; the same key takes up the same run again.' })
  idempotencyKey!: string;
}

@InputType('BillAllocationInput', { description: 'How much of a payment is for one bill.' })
export class BillAllocationInput {
  @Field(() => ID, { description: 'A bill of the account that something is left to be paid of.' })
  billId!: string;

  @Field(() => MoneyInput, { description: 'At most what is left to be paid of it.' })
  amount!: MoneyInput;
}

@InputType('BillPaymentRecordInput', { description: 'Money received for bills.' })
export class BillPaymentRecordInput {
  @Field(() => ID, { description: 'The account that paid.' })
  accountId!: string;

  @Field(() => MoneyInput, { description: 'What was received, above zero, in whole minor units.' })
  amount!: MoneyInput;

  @Field(() => String, { description: 'The sender\'s own words for it, as on a bank statement: 1 to 140 characters.' })
  reference!: string;

  @Field(() => [BillAllocationInput], { nullable: true, description: 'Bills to pay with it; null pays the oldest first. What is left is credit of the account.' })
  allocations?: BillAllocationInput[] | null;

  @Field(() => String, { description: 'A new key a payment, such as the bank\'s own id of it.' })
  idempotencyKey!: string;
}

@InputType('CreditNoteLineInput', { description: 'What to take back of one line.' })
export class CreditNoteLineInput {
  @Field(() => ID, { description: 'A line of the bill.' })
  lineId!: string;

  @Field(() => MoneyInput, { nullable: true, description: 'In the line\'s own sense, as its `amount`; null takes back all that is left of it.' })
  amount?: MoneyInput | null;
}

@InputType('CreditNoteCreateInput', { description: 'A correction of an issued bill.' })
export class CreditNoteCreateInput {
  @Field(() => ID, { description: 'The bill.' })
  billId!: string;

  @Field(() => [CreditNoteLineInput], { nullable: true, description: 'Lines to correct; null takes back all that is left of the bill.' })
  lines?: CreditNoteLineInput[] | null;

  @Field(() => String, { description: 'Why, 3 to 500 characters; it is printed on the note.' })
  reason!: string;

  @Field(() => String, { description: 'A new key a credit note.' })
  idempotencyKey!: string;
}
