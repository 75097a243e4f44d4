import { randomInt } from 'node:crypto';
import { voucherHash } from '../charging';
import type { RequestContext } from '../context';
import { refuse } from '../platform/errors';
import { Amount, formatAmount } from '../platform/money';
import { refuseCardNumber } from '../platform/text';
import { actorOf, businessNow, Change, changeAudited } from '../tenant';
import type { VoucherBatchCreateInput } from './balance.input';
import type { VoucherBatch } from './balance.payload';
import { checkedPayable } from './move.rules';

const MOST_VOUCHERS = 10_000;
const CODE_LENGTH = 16;
/** Without 0 and O, 1, I and L, U and V: 29 characters, so that 16 of them hold 77 bits of chance. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const BATCH_NAME = /^[\x21-\x7e]{1,64}$/;

/** One batch of a name at a time; the name is checked under this lock, because a code can be shown only once. */
const LOCK = `select pg_advisory_xact_lock(hashtextextended('voucher batch ' || $1 || ' ' || $2, 0))`;

const INSERT = `
insert into voucher (tenant_id, code_hash, batch, amount, currency, valid_until)
select $1, made.code_hash, $3, $4, $5, $6 from unnest($2::bytea[]) made (code_hash)`;

/**
 * Makes vouchers and gives their codes, this once: only hashes are stored.
 * @throws Refusal INVALID_INPUT, ALREADY_EXISTS
 */
export function createVouchers(context: RequestContext, input: VoucherBatchCreateInput): Promise<VoucherBatch> {
  const { tenantId } = context.caller;
  const object = { type: 'VoucherBatch', id: '' };
  return changeAudited(context.services.data, actorOf(context), 'voucherBatchCreate', object, async (change) => {
    const { batch, count, currency, validUntil } = input;
    const value = await check(change, tenantId, input);
    const codes = newCodes(count);
    await change.client.query(INSERT, [tenantId, codes.map(voucherHash), batch, value.toString(), currency, validUntil]);
    const after = { count, amount: formatAmount(value, currency), currency, validUntil: validUntil.toISOString() };
    const made: VoucherBatch = { batch, count, amount: after.amount, currency, validUntil, codes };
    return { result: made, audit: { objectType: object.type, objectId: batch, after } };
  });
}

async function check({ client }: Change, tenantId: number, input: VoucherBatchCreateInput): Promise<Amount> {
  const { batch, count, validUntil } = input;
  if (!BATCH_NAME.test(batch)) refuse('INVALID_INPUT', 'The name of a batch has 1 to 64 printable ASCII characters without blanks.', ['batch']);
  refuseCardNumber(batch, ['batch']);
  if (count < 1 || count > MOST_VOUCHERS) refuse('INVALID_INPUT', `A batch has 1 to ${MOST_VOUCHERS} vouchers.`, ['count']);
  if (validUntil <= await businessNow(client, tenantId)) refuse('INVALID_INPUT', 'Vouchers end at a later instant.', ['validUntil']);
  await client.query(LOCK, [tenantId, batch]);
  const { rowCount } = await client.query('select from voucher where tenant_id = $1 and batch = $2 limit 1', [tenantId, batch]);
  if (rowCount) refuse('ALREADY_EXISTS', 'A batch of this name was made before; its codes are not shown again.', ['batch']);
  return checkedPayable(input, []);
}

function newCodes(count: number): string[] {
  const codes = new Set<string>();
  while (codes.size < count) codes.add(newCode());
  return [...codes];
}

function newCode(): string {
  let code = '';
  for (let i = 0; i < CODE_LENGTH; i++) code += ALPHABET[randomInt(ALPHABET.length)];
  return code;
}
