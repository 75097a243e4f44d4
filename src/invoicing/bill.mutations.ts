import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { MoneyMove } from '../platform/graphql';
import { actorOf, settle } from '../tenant';
import { billRunShown } from './bill-run.type';
import { BillPaymentRecordInput, BillRunStartInput, CreditNoteCreateInput } from './bill.input';
import { BillPaymentRecordPayload, BillRunStartPayload, CreditNoteCreatePayload } from './bill.payload';
import { createNote } from './note.service';
import { recordPayment } from './payment.service';

/** Bills are made, paid and corrected. */
@Resolver()
export class BillMutations {
  @Authorized<Role>(['FINANCE'])
  @MoneyMove()
  @Mutation(() => BillRunStartPayload, {
    description: 'Starts a bill run, or takes up the one with this key again; it goes on after the answer. May refuse with INVALID_INPUT, IDEMPOTENCY_KEY_REUSED or OVERLOADED.',
  })
  billRunStart(
    @Arg('input', () => BillRunStartInput, { description: 'Which bill periods.' }) { cycleEnd, idempotencyKey }: BillRunStartInput,
    @Ctx() context: RequestContext,
  ): Promise<BillRunStartPayload> {
    return settle(BillRunStartPayload, 'billRun', async () => billRunShown(await context.services.billRuns.start(actorOf(context), cycleEnd, idempotencyKey)));
  }

  @Authorized<Role>(['CHANNEL', 'FINANCE'])
  @MoneyMove()
  @Mutation(() => BillPaymentRecordPayload, {
    description: 'Records money received for bills: the oldest are paid first, unless told. May refuse with INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, CONFLICT, CURRENCY_MISMATCH, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED.',
  })
  billPaymentRecord(
    @Arg('input', () => BillPaymentRecordInput, { description: 'Who paid how much.' }) input: BillPaymentRecordInput,
    @Ctx() context: RequestContext,
  ): Promise<BillPaymentRecordPayload> {
    return settle(BillPaymentRecordPayload, 'payment', () => recordPayment(context, input));
  }

  @Authorized<Role>(['FINANCE'])
  @MoneyMove()
  @Mutation(() => CreditNoteCreatePayload, {
    description: 'Corrects an issued bill by a credit note at the tax rates of its lines; the notes on a bill never exceed it. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT, CURRENCY_MISMATCH, IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED.',
  })
  creditNoteCreate(
    @Arg('input', () => CreditNoteCreateInput, { description: 'What of which bill.' }) input: CreditNoteCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<CreditNoteCreatePayload> {
    return settle(CreditNoteCreatePayload, 'creditNote', () => createNote(context, input));
  }
}
