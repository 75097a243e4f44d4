import { amount } from '../src/platform/money';
import { OTHER, Story } from './context';
import { activateOnce, dayBeforeOpening, ensureAccount, ensureCustomer, ensureOffering, topUpOnce } from './find-or-make';
import { MOBILE_PREPAID } from './offerings/mobile-prepaid';
import { irishAccount, NUMBERS } from './people';
import { ensureTenant, IRISH_SETTINGS } from './tenants';

/** Brook, another operator on the same installation, with one prepaid subscriber; neither operator sees the other. */
export const secondTenant: Story = async (context) => {
  const { id } = OTHER;
  await ensureTenant(context, {
    ...OTHER, name: 'Brook', settings: IRISH_SETTINGS, clockStartsAt: null, sources: [{ code: 'msc1', lateLimitDays: 60 }],
  });
  await ensureOffering(context, id, { ...MOBILE_PREPAID, name: 'Brook Prepaid' }, '2025-01-01T00:00:00Z');
  const customerId = await ensureCustomer(context, id, { externalId: 'zoe', givenName: 'Zoe', familyName: 'Quinn' });
  const accountId = await ensureAccount(context, id, irishAccount({ customerId, name: 'Zoe mobile', paymentMode: 'PREPAID' }));
  await topUpOnce(context, id, 'zoe:top-up', {
    accountId, funding: { kind: 'AGENT', amount: amount(10_000_000n), currency: 'EUR', promotional: false, validUntil: null },
  });
  await activateOnce(context, id, 'zoe:mobile', {
    accountId, offeringCode: 'mobile-prepaid', startedAt: await dayBeforeOpening(context, accountId),
    identifiers: [{ kind: 'MSISDN', value: NUMBERS.zoe }], attachedTo: null,
  });
};
