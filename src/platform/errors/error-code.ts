import { registerEnumType } from 'type-graphql';

/**
 * Every expected error of the product, in one list, because clients switch on it. A room adds its codes here with the
 * description that the schema shows.
 */
export const ERROR_CODES = {
  INVALID_INPUT: 'A field has the wrong form or range; `path` says which, the message what would be right.',
  NOT_FOUND: 'No such object for this caller. A foreign object and one that does not exist answer alike.',
  NOT_ALLOWED: 'The caller may not do this to this object.',
  CONFLICT: 'The object is in a state, or has a newer version, that does not admit this change.',
  ALREADY_EXISTS: 'The key (identifier, external id, code) is taken at that time.',
  IDEMPOTENCY_KEY_REUSED: 'The same idempotency key came with another input; nothing was done the second time.',
  OUTCOME_UNKNOWN: 'The database went away while the change was being stored. Repeat with the same key to learn the outcome.',
  OVERLOADED: 'The queue is full; nothing was done. Repeat after the retry time.',
  DEADLINE_EXCEEDED: 'The request took longer than its deadline; repeat with the same key.',
  LIMIT_EXCEEDED: 'The amount is above what this caller may move.',
  INSUFFICIENT_BALANCE: 'The buckets that serve this cannot cover it.',
  CREDIT_LIMIT_REACHED: 'The exposure would pass the credit limit of the payer.',
  BUCKET_EXPIRED: 'The bucket is outside its validity.',
  BUCKET_BLOCKED: 'A blocking bucket cannot cover what is asked and stops everything behind it.',
  VOUCHER_INVALID: 'No such voucher, already used, or past its date. The three are not told apart.',
  PAYMENT_NOT_CONFIRMED: 'The payment is not confirmed, or its money was used before.',
  CURRENCY_MISMATCH: 'Amounts of different currencies or units are never added.',
  PRODUCT_NOT_ACTIVE: 'The product is not active at the time asked.',
  PRODUCT_SUSPENDED: 'The product is suspended at the time asked; its suspensions say why.',
  OFFERING_NOT_SOLD: 'The offering has no launched version valid at the time asked.',
  UNKNOWN_SUBSCRIBER: 'Nobody owned the identifier at the event time.',
  RATING_FAILED: 'No price, or no destination of the price, fits the usage. A price is never guessed.',
  USAGE_CONFLICT: 'The same usage id came before with other content; the second is kept in quarantine.',
  USAGE_TOO_LATE: 'The usage is older than the late limit.',
  USAGE_IN_FUTURE: 'The usage starts more than five minutes in the future.',
  USAGE_TOO_LONG: 'The usage lasts longer than the configured maximum, or ends before it starts.',
  CLOCK_BACKWARD: 'A sandbox clock only moves forward.',
  FULFILMENT_FAILED: 'The network could not do what was ordered; the note says why.',
  DEPENDENCY_FAILED: 'An item that this one relies on was not done.',
  SLICE_CAPACITY_EXCEEDED: 'The area has not enough left for the whole time of the slice.',
  DEVICE_LIMIT_REACHED: 'As many devices as the slice admits are in it at that time.',
  RESUME_EXPIRED: 'The cursor is too old; a fresh snapshot follows.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export const ErrorCodeEnum = Object.fromEntries(
  Object.keys(ERROR_CODES).map((code) => [code, code]),
) as { [C in ErrorCode]: C };

registerEnumType(ErrorCodeEnum, {
  name: 'ErrorCode',
  description: 'Documented codes of expected errors.',
  valuesConfig: Object.fromEntries(
    Object.entries(ERROR_CODES).map(([code, description]) => [code, { description }]),
  ) as { [C in ErrorCode]: { description: string } },
});
