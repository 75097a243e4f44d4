import { ARCHIVE, Story } from './context';
import { activateOnce, ensureAccount, ensureCustomer, ensureOffering } from './find-or-make';
import { IRISH_BILL_2014 } from './offerings/irish-bill-2014';
import { irishAccount, NUMBERS } from './people';
import { ensureTenant, IRISH_SETTINGS } from './tenants';

/** First day of the log in Irish time, which was UTC+1 then. */
const STARTED_AT = Date.parse('2014-10-15T00:00:00+01:00');

/**
 * One real subscriber of 2014, whose log is imported as history: a tenant of its own whose clock begins the day after
 * the log ends, so that five monthly fees and allowances have fallen due, and not those of all the years since.
 */
export const oneSubscriber: Story = async (context) => {
  const { id } = ARCHIVE;
  await ensureTenant(context, {
    ...ARCHIVE, name: 'Flow, spring of 2015', settings: IRISH_SETTINGS, clockStartsAt: '2015-03-15T12:00:00Z',
    sources: [{ code: 'import', lateLimitDays: 60 }],
  });
  await ensureOffering(context, id, IRISH_BILL_2014, '2014-01-01T00:00:00Z');
  const customerId = await ensureCustomer(context, id, { externalId: 'one-subscriber', givenName: 'One', familyName: 'Subscriber' });
  const accountId = await ensureAccount(context, id, irishAccount({
    customerId, name: 'One subscriber', paymentMode: 'POSTPAID', billCycleDay: 15, creditLimit: { kind: 'UNLIMITED' },
  }));
  await activateOnce(context, id, 'one-subscriber:mobile', {
    accountId, offeringCode: 'irish-bill-2014', startedAt: STARTED_AT,
    identifiers: [{ kind: 'MSISDN', value: NUMBERS.oneSubscriber }], attachedTo: null,
  });
};
