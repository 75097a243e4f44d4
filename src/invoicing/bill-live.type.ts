import { Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { encodeRootCursor } from '../live';
import { CursorScalar } from '../platform/graphql';
import type { StreamNews, StreamReason } from './bill-stream';
import { billShown, CustomerBill } from './bill.type';
import { BillPayment, paymentShown } from './payment.type';
import type { BillRecord, PaymentRecord } from './sql/read.sql';

export const StreamReasonEnum = describedEnum<StreamReason>('BillNewsReason', 'Why a message about bills or their payments is sent.', {
  SNAPSHOT: 'The beginning: what is added after this follows.',
  NEW: 'One was added.',
  RESUME_EXPIRED: 'The cursor is unknown: what was missed is in the account\'s lists, what is added after this follows.',
});

@ObjectType('CustomerBillIssued', { simpleResolvers: true, description: 'A bill that was issued, or the place where the stream begins.' })
export class CustomerBillIssued {
  @Field(() => CursorScalar, { description: 'Hand it back as `after` to resume right behind this message.' })
  readonly cursor!: string;

  @Field(() => StreamReasonEnum, { description: 'Why it is sent.' })
  readonly reason!: StreamReason;

  @Field(() => CustomerBill, { nullable: true, description: 'The bill; null where the message only marks a place.' })
  readonly bill!: CustomerBill | null;
}

@ObjectType('BillPaymentReceived', { simpleResolvers: true, description: 'A payment that was recorded, or the place where the stream begins.' })
export class BillPaymentReceived {
  @Field(() => CursorScalar, { description: 'Hand it back as `after` to resume right behind this message.' })
  readonly cursor!: string;

  @Field(() => StreamReasonEnum, { description: 'Why it is sent.' })
  readonly reason!: StreamReason;

  @Field(() => BillPayment, { nullable: true, description: 'The payment; null where the message only marks a place.' })
  readonly payment!: BillPayment | null;
}

export const billNews = ({ reason, rootId, place, row }: StreamNews<BillRecord>): CustomerBillIssued =>
  Object.assign(new CustomerBillIssued(), { cursor: encodeRootCursor(rootId, place), reason, bill: row && billShown(row) });

export const paymentNews = ({ reason, rootId, place, row }: StreamNews<PaymentRecord>): BillPaymentReceived =>
  Object.assign(new BillPaymentReceived(), { cursor: encodeRootCursor(rootId, place), reason, payment: row && paymentShown(row) });
