import { amount } from '../src/platform/money';
import { DEMO, SeedContext, Story } from './context';
import { activateOnce, dayBeforeOpening, ensureAccount, ensureCustomer, topUpOnce } from './find-or-make';
import { irishAccount, NUMBERS } from './people';

const TWENTY_EURO = amount(20_000_000n);

/** Alice has a prepaid mobile and topped it up by 20 euro. */
export const alice: Story = async (context) => {
  const customerId = await ensureCustomer(context, DEMO.id, { externalId: 'alice', givenName: 'Alice', familyName: 'Byrne' });
  const accountId = await ensureAccount(context, DEMO.id, irishAccount({ customerId, name: 'Alice mobile', paymentMode: 'PREPAID' }));
  await topUp(context, accountId);
  await activateOnce(context, DEMO.id, 'alice:mobile', {
    accountId, offeringCode: 'mobile-prepaid', startedAt: await dayBeforeOpening(context, accountId),
    identifiers: [{ kind: 'MSISDN', value: NUMBERS.alice }], attachedTo: null,
  });
};

const topUp = (context: SeedContext, accountId: bigint): Promise<void> => topUpOnce(context, DEMO.id, 'alice:top-up', {
  accountId, funding: { kind: 'AGENT', amount: TWENTY_EURO, currency: 'EUR', promotional: false, validUntil: null },
});
