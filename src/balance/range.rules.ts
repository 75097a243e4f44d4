import type { Bucket } from './bucket.types';

/** What a bucket may hold either way, in its own asset: far beyond any account, far below what a column takes. */
export const MOST_IN_BUCKET = 10n ** 18n;

/** Whether a bucket can be moved by so much. What would leave its range is a mistake of the sender, not an overflow of ours. */
export const staysInRange = ({ value }: Pick<Bucket, 'value'>, change: bigint): boolean => {
  const after = value + change;
  return after <= MOST_IN_BUCKET && after >= -MOST_IN_BUCKET;
};
