import { availableIn, staysInRange } from '../../balance';
import { AdjustInput } from '../charging.api';
import { hasLapsed } from './prepaid-life';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { MoveDecision, refused } from './move';
import { moveError } from './refusals';
import { moveAnswer } from './top-up';

/** A correction by an agent: goodwill for money, a grant for units. A debit never takes more than is available. */
export function decideAdjust(work: Work, root: RootState, input: AdjustInput): MoveDecision {
  const bucket = root.buckets.get(input.bucketId);
  if (!bucket || bucket.accountId !== input.accountId) return refused([moveError('NOT_FOUND', 'No such bucket.', ['bucketId'])], false);
  const now = work.now(root.setup.tenantId);
  const { graceDays } = work.factsOf(root.setup.tenantId).settings;
  if (bucket.state !== 'ACTIVE' || hasLapsed(bucket, now, graceDays)) return refused([moveError('BUCKET_EXPIRED', 'The bucket is no longer active.', ['bucketId'])], false);
  const place = [bucket.kind === 'UNIT' ? 'quantity' : 'money', 'amount'];
  const available = availableIn(bucket);
  if (input.amount < 0n && available !== null && available < -input.amount) return refused([moveError('INSUFFICIENT_BALANCE', undefined, place)]);
  if (!staysInRange(bucket, input.amount)) return refused([moveError('LIMIT_EXCEEDED', 'The bucket would hold more than 18 digits.', place)], false);
  const position = root.nextPosition();
  if (bucket.kind === 'UNIT') bucket.granted += input.amount;
  work.move(bucket, root, position, {
    kind: 'ADJUST', amount: input.amount, contra: bucket.kind === 'UNIT' ? 'allowance_grant' : 'goodwill',
  });
  return { kind: 'DONE', position, answer: moveAnswer(root, bucket, position, input.amount, now) };
}
