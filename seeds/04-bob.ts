import { DEMO, Story } from './context';
import { activateOnce, ensureAccount, ensureCustomer } from './find-or-make';
import { irishAccount, NUMBERS } from './people';

/** Bob gets one bill, up to 200 euro, for his mobile and the fibre at home. */
export const bob: Story = async (context) => {
  const customerId = await ensureCustomer(context, DEMO.id, { externalId: 'bob', givenName: 'Bob', familyName: 'Walsh' });
  const accountId = await ensureAccount(context, DEMO.id, irishAccount({
    customerId, name: 'Bob', paymentMode: 'POSTPAID', creditLimit: { kind: 'AMOUNT', amount: { amount: '200', currency: 'EUR' } },
  }));
  await activateOnce(context, DEMO.id, 'bob:mobile', {
    accountId, offeringCode: 'mobile-postpaid', startedAt: null,
    identifiers: [{ kind: 'MSISDN', value: NUMBERS.bob }], attachedTo: null,
  });
  await activateOnce(context, DEMO.id, 'bob:home', {
    accountId, offeringCode: 'home-internet', startedAt: null,
    identifiers: [{ kind: 'LINE_ID', value: 'flow-line-1001' }], attachedTo: null,
  });
};
