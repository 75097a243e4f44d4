import { ANONYMOUS_CALLER, Caller } from '../platform/auth/caller';
import { refuse } from '../platform/errors';
import { VoucherThrottle } from './voucher-throttle';

const MINUTE = 60_000;
const caller = (subject: string, role: Caller['role'] = 'SUBSCRIBER'): Caller => ({ ...ANONYMOUS_CALLER, role, tenantId: 1, subject });
const [ALICE, BOB, DEALER] = [caller('alice'), caller('bob'), caller('dealer', 'CHANNEL')];

let now = 0;
let throttle: VoucherThrottle;
beforeEach(() => {
  now = 0;
  throttle = new VoucherThrottle(() => now);
});

const wrong = async (): Promise<string> => refuse('VOUCHER_INVALID', 'no');
/** What comes of one attempt: what it gives, or its code and the seconds to wait. */
const outcome = (who: Caller, account: string, redeem: () => Promise<string>): Promise<unknown> =>
  throttle.redeem(who, account, redeem).catch((error: { code?: string; retryAfterSeconds?: number; userError?: { code: string } }) =>
    error.userError?.code ?? [error.code, error.retryAfterSeconds]);
const guesses = (count: number, who: Caller, account = 'a'): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, () => outcome(who, account, wrong)));

test('ten guesses are looked at, also of sixty at once, then no code until the window ends', async () => {
  const told = await guesses(60, ALICE);
  expect(told.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'VOUCHER_INVALID'));
  expect(told.slice(10)).toEqual(Array.from({ length: 50 }, () => ['RATE_LIMITED', 15 * 60]));
  now = 14 * MINUTE;
  expect(await outcome(ALICE, 'a', async () => 'paid')).toEqual(['RATE_LIMITED', 60]);
  now = 15 * MINUTE;
  expect(await outcome(ALICE, 'a', async () => 'paid')).toBe('paid');
});

test('good vouchers, other refusals and faults count for nothing', async () => {
  for (let turn = 0; turn < 20; turn++) expect(await outcome(ALICE, 'a', async () => 'paid')).toBe('paid');
  for (let turn = 0; turn < 20; turn++) expect(await outcome(ALICE, 'a', async () => refuse('NOT_FOUND', 'no'))).toBe('NOT_FOUND');
  expect(await guesses(1, ALICE)).toEqual(['VOUCHER_INVALID']);
});

test('another subscriber is not touched, the same on another account is', async () => {
  await guesses(10, ALICE);
  expect(await outcome(BOB, 'a', async () => 'paid')).toBe('paid');
  expect(await outcome(ALICE, 'b', async () => 'paid')).toEqual(['RATE_LIMITED', 15 * 60]);
});

test('a channel is counted per account', async () => {
  await guesses(10, DEALER, 'a');
  expect(await outcome(DEALER, 'a', async () => 'paid')).toEqual(['RATE_LIMITED', 15 * 60]);
  expect(await outcome(DEALER, 'b', async () => 'paid')).toBe('paid');
});
