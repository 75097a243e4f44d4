import type { MoveAnswer, TopUpInput } from '../charging';
import type { RequestContext } from '../context';
import type { VisibleAccount } from '../party';
import type { Caller } from '../platform/auth/caller';
import { refuse } from '../platform/errors';
import { decodeId } from '../platform/graphql';
import { auditRefusal, conductMove, MoveAudit } from '../product/move-mutation';
import { checkedPayable, requireWithin } from './move.rules';
import type { BalanceTopUpInput } from './top-up.input';
import { requireAccount } from './visible.service';

type Funding = TopUpInput['funding'];

/**
 * Tops up an account, a voucher in its turn.
 * @throws RequestError RATE_LIMITED where too many vouchers were refused; Refusal as `moveIn`.
 */
export function topUp(context: RequestContext, input: BalanceTopUpInput): Promise<MoveAnswer> {
  if (typeof input.voucherCode !== 'string') return moveIn(context, input);
  return context.services.voucherThrottle.redeem(context.caller, input.accountId, () => moveIn(context, input));
}

/**
 * Tops up an account with one funding. A subscriber brings a voucher or a confirmed payment and can name no amount, so
 * that no combination of fields makes money; agents and channels are held to their limits.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, LIMIT_EXCEEDED, and what the engine refuses.
 */
async function moveIn(context: RequestContext, input: BalanceTopUpInput): Promise<MoveAnswer> {
  const { caller, services } = context;
  const audit = caller.role === 'SUBSCRIBER' ? null : AUDIT;
  const { account, funding } = await auditRefusal(context, audit, async () => {
    const found = await requireAccount(context, input.accountId, 'accountId', 'TOP_UP');
    return { account: found, funding: await fundingOf(context, input, found) };
  });
  const named = audit && { ...audit, objectId: account.accountId.toString(), after: { fundingKind: funding.kind } };
  return conductMove(context, input.idempotencyKey, named, (key) => services.charging.topUp(key, { accountId: account.accountId, funding }));
}

const AUDIT: MoveAudit = { operation: 'balanceTopUp', objectType: 'BillingAccount', objectId: '' };

async function fundingOf(context: RequestContext, input: BalanceTopUpInput, account: VisibleAccount): Promise<Funding> {
  requireOneFunding(input);
  requireAllowed(context.caller, input);
  if (typeof input.voucherCode === 'string') return { kind: 'VOUCHER', code: checkedCode(input.voucherCode) };
  if (typeof input.paymentId === 'string') return paymentFunding(input.paymentId);
  return agentFunding(context, input, account);
}

function requireOneFunding({ voucherCode, paymentId, amount, promotional, promotionalUntil }: BalanceTopUpInput): void {
  const given = [voucherCode, paymentId, amount].filter((one) => one !== null && one !== undefined);
  if (given.length !== 1) refuse('INVALID_INPUT', 'Give exactly one of voucherCode, paymentId and amount.');
  const isAmount = amount !== null && amount !== undefined;
  if (promotional && !isAmount) refuse('INVALID_INPUT', 'Promotional money is given as an amount.', ['promotional']);
  if (promotionalUntil && !promotional) refuse('INVALID_INPUT', 'Only promotional money has an end of its own.', ['promotionalUntil']);
}

function requireAllowed({ role }: Caller, { amount, promotional }: BalanceTopUpInput): void {
  if (amount && role === 'SUBSCRIBER') refuse('NOT_ALLOWED', 'Top up with a voucher or a confirmed payment.', ['amount']);
  if (promotional && role !== 'CRM_AGENT') refuse('NOT_ALLOWED', 'Promotional money is given by care agents.', ['promotional']);
}

const CODE = /^[A-Za-z0-9 -]{1,64}$/;

/** A text that cannot be a code is told like one that is none. */
const checkedCode = (code: string): string => (CODE.test(code) ? code : refuse('VOUCHER_INVALID', 'This voucher cannot be used.', ['voucherCode']));

function paymentFunding(paymentId: string): Funding {
  const parts = decodeId(paymentId, 'Payment');
  const [channel, externalId] = parts ?? [];
  if (parts?.length !== 2 || !channel || !externalId || parts.some((part) => part.includes('\0'))) {
    return refuse('PAYMENT_NOT_CONFIRMED', 'No confirmed and unused payment with this id.', ['paymentId']);
  }
  return { kind: 'PAYMENT', channel, externalId };
}

async function agentFunding({ caller, services }: RequestContext, input: BalanceTopUpInput, account: VisibleAccount): Promise<Funding> {
  const { amount: money, promotional, promotionalUntil } = input;
  if (!money) return refuse('INVALID_INPUT', 'Give exactly one of voucherCode, paymentId and amount.');
  const value = checkedPayable(money, ['amount']);
  if (money.currency !== account.currency) refuse('CURRENCY_MISMATCH', `The account is kept in ${account.currency}.`, ['amount', 'currency']);
  const { currency: tenantCurrency, settings: { agentTopUpLimit: tenantLimit } } = await services.tenants.require(caller.tenantId);
  requireWithin({ caller, tenantCurrency, tenantLimit }, value, money.currency, ['amount', 'amount']);
  const validUntil = promotionalUntil?.getTime() ?? null;
  if (validUntil !== null && validUntil <= await services.charging.now(caller.tenantId)) {
    refuse('INVALID_INPUT', 'Promotional money lapses at a later instant.', ['promotionalUntil']);
  }
  return { kind: 'AGENT', amount: value, currency: money.currency, promotional, validUntil };
}
