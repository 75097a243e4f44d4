import { ErrorCode } from '../../platform/errors';
import { MoveError } from '../charging.api';

/** One sentence per reason, rendered when read: what is stored is the code. */
const MESSAGES: Partial<Record<ErrorCode, string>> = {
  INSUFFICIENT_BALANCE: 'The balance does not cover this; top up, or ask for less.',
  CREDIT_LIMIT_REACHED: 'The credit limit of the paying account would be passed; a payment or a higher limit makes room.',
  BUCKET_BLOCKED: 'An allowance that blocks when it is used up cannot cover this.',
  PRODUCT_NOT_ACTIVE: 'No product of the subscriber was active for this kind of usage at its time.',
  PRODUCT_SUSPENDED: 'The products that would serve this usage were suspended at its time.',
  UNKNOWN_SUBSCRIBER: 'Nobody owned this identifier at the time of the usage.',
  RATING_FAILED: 'No price fits this usage, or none of its destinations does.',
  CURRENCY_MISMATCH: 'The price and the paying account are of different currencies; amounts are never converted without a stored rate.',
  USAGE_CONFLICT: 'This usage id was taken in before with other content; the first one stands.',
  USAGE_TOO_LATE: 'The usage is older than the late limit of its source.',
  USAGE_IN_FUTURE: 'The usage starts further in the future than clocks may differ.',
  USAGE_TOO_LONG: 'The usage ends before it starts, or is longer or larger than the configured maximum.',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used before with another input; use a new key for a new request.',
};

export const messageOf = (code: ErrorCode): string => MESSAGES[code] ?? code;

/** A bundle is made, and a product becomes one, by an order alone: it counts what the bundle is made of. */
export const bundleRefusal = (): MoveError =>
  moveError('INVALID_INPUT', 'The offering is a bundle: order it by productOrderCreate, with its components.', ['offeringCode']);

/** An expected error of a move, in its own sentence or the code's. */
export const moveError = (code: ErrorCode, message?: string, path: readonly string[] = []): MoveError =>
  ({ code, message: message ?? messageOf(code), path });
