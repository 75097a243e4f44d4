import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { DateScalar, DateTimeScalar, encodeId, Money, moneyOf } from '../platform/graphql';
import { amount } from '../platform/money';
import type { BillRun as RunRow, RunProgress } from './bill-run.store';

export type BillRunState = RunRow['state'];
export const BillRunStateEnum = describedEnum<BillRunState>('BillRunState', 'Life of a bill run.', {
  RUNNING: 'It is being worked on, or waits to be taken up again.',
  DONE: 'Every account that could be billed has its bill.',
});

@ObjectType('BillRun', { simpleResolvers: true, description: 'One run over the accounts whose bill periods end on a day. A second run of the same day finds nothing to do.' })
export class BillRun {
  @Field(() => ID, { description: 'Opaque id of the run.' })
  readonly id!: string;

  @Field(() => DateScalar, { description: 'Local day on which the bill periods ended: the first day of the next.' })
  readonly cycleEnd!: string;

  @Field(() => BillRunStateEnum, { description: 'Whether it is done.' })
  readonly state!: BillRunState;

  @Field(() => String, { nullable: true, description: 'Why work on it stopped before it was done; null where it did not.' })
  readonly failure!: string | null;

  @Field(() => DateTimeScalar, { description: 'Business time of its start.' })
  readonly startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Business time of its end; null while it runs.' })
  readonly finishedAt!: Date | null;

  readonly runKey!: bigint;
}

/** How far a run is. */
@ObjectType('BillRunProgress', { simpleResolvers: true, description: 'How far a bill run is.' })
export class BillRunProgress {
  @Field(() => BillRunStateEnum, { description: 'Whether it is done.' })
  readonly state!: BillRunState;

  @Field(() => Int, { description: 'Accounts that it looked at so far.' })
  readonly accounts!: number;

  @Field(() => Int, { description: 'Accounts of these whose period is closed and computed.' })
  readonly done!: number;

  @Field(() => Int, { description: 'Accounts that could not be billed; start the run again with its key to try them again.' })
  readonly failed!: number;

  @Field(() => Int, { description: 'Bills and statements that it made; an account without charges has none.' })
  readonly bills!: number;

  @Field(() => Int, { description: 'Bills and statements of these that have their number.' })
  readonly issued!: number;

  @Field(() => [Money], { description: 'Net of these, one amount a currency.' })
  readonly net!: Money[];
}

export const billRunShown = (run: RunRow): BillRun => Object.assign(new BillRun(), {
  id: encodeId('BillRun', run.id), cycleEnd: run.cycleEnd, state: run.state, failure: run.failure, startedAt: run.startedAt, finishedAt: run.finishedAt, runKey: run.id,
});

export const progressShown = (state: BillRunState, progress: RunProgress): BillRunProgress => Object.assign(new BillRunProgress(), {
  state, ...progress, net: progress.net.map(({ currency, net }) => moneyOf(amount(BigInt(net)), currency)),
});
