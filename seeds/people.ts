import type { NewAccount } from '../src/party/account.service';

/** Numbers of the stories, E.164 without "+", from the range 020 91x xxxx that is set aside for drama. */
export const NUMBERS = {
  alice: '353209100001',
  bob: '353209100002',
  carol: '353209100003',
  dave: '353209100004',
  erin: '353209100005',
  zoe: '353209100101',
  oneSubscriber: '353209100201',
} as const;

/** An account in euro and Irish time whose bill cycle turns on the first. */
export const irishAccount = (account: Pick<NewAccount, 'customerId' | 'name' | 'paymentMode'> & Partial<NewAccount>): NewAccount => ({
  currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 1, ...account,
});
