import type { RequestContext } from '../context';
import { refuse } from '../platform/errors';
import { encodeId, moneyOf } from '../platform/graphql';
import { amount } from '../platform/money';
import { refuseCardNumber } from '../platform/text';
import { actorOf, businessNow, changeAudited } from '../tenant';
import type { Payment, PaymentState } from './balance.payload';
import { checkedPayable, checkedPositive, requireWithin } from './move.rules';
import type { PaymentConfirmInput } from './top-up.input';
import { limitsOf, requireAccount } from './visible.service';

interface PaymentRow {
  readonly account_id: string; readonly amount: string; readonly currency: string; readonly state: PaymentState; readonly confirmed_at: Date;
}

const INSERT = `
insert into payment (tenant_id, channel, external_id, account_id, amount, currency, confirmed_at)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning account_id, amount, currency, state, confirmed_at`;

const SELECT = `
select account_id, amount, currency, state, confirmed_at from payment where tenant_id = $1 and channel = $2 and external_id = $3`;

/** Ends the change where the payment is there already, so that a repeat leaves no second audit row. */
class AlreadyConfirmed extends Error {}

/**
 * Records what a channel was paid, once per channel and external id; its money is credited by the top-up that names it.
 * @throws Refusal INVALID_INPUT, NOT_FOUND, CURRENCY_MISMATCH, LIMIT_EXCEEDED, ALREADY_EXISTS
 */
export async function confirmPayment(context: RequestContext, input: PaymentConfirmInput): Promise<Payment> {
  const { caller, services } = context;
  const key = [caller.tenantId, caller.subject, input.externalId] as const;
  const object = { type: 'Payment', id: '' };
  try {
    const row = await changeAudited(services.data, actorOf(context), 'paymentConfirm', object, async ({ client }) => {
      const checked = await check(context, input);
      const now = await businessNow(client, caller.tenantId);
      const { rows: [made] } = await client.query<PaymentRow>(INSERT,
        [...key, checked.accountId.toString(), checked.amount.toString(), input.amount.currency, now]);
      if (!made) throw new AlreadyConfirmed();
      return { result: made, audit: { objectType: object.type, objectId: input.externalId, after: { accountId: checked.accountId.toString() } } };
    });
    return paymentOf(key, row);
  } catch (error) {
    if (!(error instanceof AlreadyConfirmed)) throw error;
    return repeated(context, input, key);
  }
}

async function check(context: RequestContext, input: PaymentConfirmInput): Promise<{ accountId: bigint; amount: bigint }> {
  const value = checkedPayable(input.amount, ['amount']);
  checkExternalId(input.externalId);
  const account = await requireAccount(context, input.accountId, 'accountId', 'TOP_UP');
  if (account.currency !== input.amount.currency) refuse('CURRENCY_MISMATCH', `The account is kept in ${account.currency}.`, ['amount', 'currency']);
  requireWithin(await limitsOf(context), value, account.currency, ['amount', 'amount']);
  return { accountId: account.accountId, amount: value };
}

/** The same payment again gets the same answer; another one under the same id is refused. */
async function repeated({ services }: RequestContext, input: PaymentConfirmInput, key: PaymentKey): Promise<Payment> {
  const { rows: [row] } = await services.pool.query<PaymentRow>(SELECT, [...key]);
  const isSame = row && encodeId('BillingAccount', row.account_id) === input.accountId
    && row.amount === checkedPositive(input.amount, ['amount']).toString() && row.currency === input.amount.currency;
  return isSame ? paymentOf(key, row) : refuse('ALREADY_EXISTS', 'The channel confirmed another payment with this id.', ['externalId']);
}

type PaymentKey = readonly [tenantId: number, channel: string, externalId: string];

const paymentOf = ([, channel, externalId]: PaymentKey, row: PaymentRow): Payment => ({
  id: encodeId('Payment', channel, externalId), amount: moneyOf(amount(BigInt(row.amount)), row.currency), state: row.state,
  confirmedAt: row.confirmed_at,
});

const EXTERNAL_ID = /^[\x21-\x7e]{1,100}$/;

/** A channel may send the card number for the payment's own id. */
function checkExternalId(id: string): void {
  if (!EXTERNAL_ID.test(id)) refuse('INVALID_INPUT', 'An external id has 1 to 100 printable ASCII characters without blanks.', ['externalId']);
  refuseCardNumber(id, ['externalId']);
}
