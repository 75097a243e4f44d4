import { Refusal, SimpleUserError } from '../platform/errors';
import { constraintOf } from '../tenant';

/** What the constraints of this room mean to a caller. The answers name nobody, because the other owner may be foreign. */
const MEANINGS: Readonly<Record<string, { readonly message: string; readonly path: readonly string[] }>> = {
  customer_external_key: { message: 'A customer with this external id exists.', path: ['externalId'] },
  identifier_owner_excl: { message: 'The identifier is taken for a part of that time.', path: ['value'] },
  identifier_pk: { message: 'The identifier is taken for a part of that time.', path: ['value'] },
  partner_pk: { message: 'The organization is a partner already.', path: ['organizationId'] },
  settlement_account_currency_key: { message: 'The partner has an account in this currency.', path: ['currency'] },
  sharing_group_pk: { message: 'The account owns a sharing group already.', path: ['ownerAccountId'] },
};

/** Runs one write; a key that is taken becomes the Refusal ALREADY_EXISTS, everything else stays what it is. */
export async function refusingTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const meaning = MEANINGS[constraintOf(error) ?? ''];
    throw meaning ? new Refusal(new SimpleUserError('ALREADY_EXISTS', meaning.message, meaning.path)) : error;
  }
}
