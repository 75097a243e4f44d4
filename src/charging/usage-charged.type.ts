import { Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { encodeRootCursor } from '../live';
import type { Caller } from '../platform/auth/caller';
import { CursorScalar } from '../platform/graphql';
import { chargeOf, type ChargeRecord, usageOfCharge } from './charge.loader';
import { Charge, Usage } from './charge.type';

export type UsageChargedReason = 'SNAPSHOT' | 'CHARGE' | 'RESUME_EXPIRED';
const UsageChargedReasonEnum = describedEnum<UsageChargedReason>('UsageChargedReason', 'Why a message of charged usage is sent.', {
  SNAPSHOT: 'The beginning: charges made after this follow, and nothing is charged by this message.',
  CHARGE: 'One usage was charged.',
  RESUME_EXPIRED: 'The cursor is too old or unknown: what was missed is in the usage history, charges made after this follow.',
});

@ObjectType('UsageCharged', { simpleResolvers: true, description: 'One charged usage in the order of charging, or the place where the stream begins.' })
export class UsageCharged {
  @Field(() => CursorScalar, { description: 'Hand it back as `after` to resume right behind this message.' })
  readonly cursor!: string;

  @Field(() => UsageChargedReasonEnum, { description: 'Why it is sent.' })
  readonly reason!: UsageChargedReason;

  @Field(() => Usage, { nullable: true, description: 'What was used; null where the message only marks a place.' })
  readonly usage!: Usage | null;

  @Field(() => Charge, { nullable: true, description: 'What it cost and which buckets paid; null where the message only marks a place.' })
  readonly charge!: Charge | null;
}

/** A charge of the stream, or the place where it begins. */
export interface UsageChargedNews {
  readonly reason: UsageChargedReason;
  readonly rootId: bigint;
  readonly position: bigint;
  readonly row: ChargeRecord | null;
}

export function usageChargedOf({ reason, rootId, position, row }: UsageChargedNews, caller: Caller): UsageCharged {
  const charge = row && chargeOf(row, caller);
  return Object.assign(new UsageCharged(), {
    cursor: encodeRootCursor(rootId, position), reason, usage: charge && usageOfCharge(charge), charge,
  });
}
