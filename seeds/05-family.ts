import { DEMO, SeedContext, Story } from './context';
import { activateOnce, ensureAccount, ensureCustomer, ensureSharingGroup, PersonSeed } from './find-or-make';
import { irishAccount, NUMBERS } from './people';

const LIMIT = { kind: 'AMOUNT' as const, amount: { amount: '300', currency: 'EUR' } };

const CAROL: PersonSeed = { externalId: 'carol', givenName: 'Carol', familyName: 'Nolan' };
const CHILDREN: readonly (PersonSeed & { readonly number: string })[] = [
  { externalId: 'dave', givenName: 'Dave', familyName: 'Nolan', number: NUMBERS.dave },
  { externalId: 'erin', givenName: 'Erin', familyName: 'Nolan', number: NUMBERS.erin },
];

/** Carol pays for the family: 50 GB that all three lines share, and one bill of up to 300 euro for everything. */
export const family: Story = async (context) => {
  const customerId = await ensureCustomer(context, DEMO.id, CAROL);
  const owner = await ensureAccount(context, DEMO.id, irishAccount({
    customerId, name: 'Nolan family', paymentMode: 'POSTPAID', creditLimit: LIMIT,
  }));
  const group = await ensureSharingGroup(context, DEMO.id, owner, 'Nolan family');
  await activateOnce(context, DEMO.id, 'family:bundle', {
    accountId: owner, offeringCode: 'family-bundle', startedAt: null, identifiers: [], attachedTo: null,
  });
  await line(context, 'carol', owner, NUMBERS.carol);
  for (const child of CHILDREN) {
    const member = await ensureAccount(context, DEMO.id, irishAccount({
      customerId: await ensureCustomer(context, DEMO.id, child), name: `${child.givenName} mobile`, paymentMode: 'POSTPAID',
      creditLimit: LIMIT, payerId: owner, sharingGroupRootId: group,
    }));
    await line(context, child.externalId, member, child.number);
  }
};

const line = (context: SeedContext, who: string, accountId: bigint, number: string): Promise<bigint> =>
  activateOnce(context, DEMO.id, `family:${who}`, {
    accountId, offeringCode: 'family-line', startedAt: null,
    identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
  });
