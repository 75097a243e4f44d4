import { Field, ObjectType } from 'type-graphql';
import { Payload } from '../tenant';
import { BillRun } from './bill-run.type';
import { BillPayment, CreditNote } from './payment.type';

@ObjectType('BillRunStartPayload', { simpleResolvers: true, description: 'Outcome of billRunStart.' })
export class BillRunStartPayload extends Payload {
  @Field(() => BillRun, { nullable: true, description: 'The run; null where it was refused.' })
  readonly billRun!: BillRun | null;
}

@ObjectType('BillPaymentRecordPayload', { simpleResolvers: true, description: 'Outcome of billPaymentRecord.' })
export class BillPaymentRecordPayload extends Payload {
  @Field(() => BillPayment, { nullable: true, description: 'The payment; null where it was refused.' })
  readonly payment!: BillPayment | null;
}

@ObjectType('CreditNoteCreatePayload', { simpleResolvers: true, description: 'Outcome of creditNoteCreate.' })
export class CreditNoteCreatePayload extends Payload {
  @Field(() => CreditNote, { nullable: true, description: 'The credit note; null where it was refused.' })
  readonly creditNote!: CreditNote | null;
}
