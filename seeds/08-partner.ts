import type { Actor } from '../src/tenant';
import { DEMO, seedActor, SeedContext, Story } from './context';

const NORTHLIGHT = 'Northlight Media';
const AGREEMENT = 'video-pass';
/** Who approves is not who proposed. */
const approver: Actor = { ...seedActor(DEMO.id), subject: 'seed-finance' };

/** Northlight Media, whose videos Flow carries, has 70 % of what each Video Pass costs without tax. */
export const partner: Story = async (context) => {
  const partnerId = await ensurePartner(context);
  await ensureAccount(context, partnerId);
  await ensureAgreement(context, partnerId);
};

interface PartnerRow { readonly id: string; readonly state: string | null; readonly version: number }

async function ensurePartner({ pool, services: { partners } }: SeedContext): Promise<bigint> {
  const read = async (): Promise<PartnerRow> => (await pool.query<PartnerRow>(
    `select party.id, partner.state, partner.version from party left join partner on partner.party_id = party.id
      where party.tenant_id = $1 and party.trading_name = $2 order by party.id limit 1`, [DEMO.id, NORTHLIGHT])).rows[0]!;
  const { id, state } = await read();
  const partnerId = BigInt(id);
  if (state === null) await partners.create(approver, partnerId);
  const steps = { INITIALIZED: ['partnerValidate', 'VALIDATE'], VALIDATED: ['partnerActivate', 'ACTIVATE'] } as const;
  for (let row = await read(); row.state === 'INITIALIZED' || row.state === 'VALIDATED'; row = await read()) {
    const [operation, step] = steps[row.state];
    await partners.step(approver, operation, step, { partnerId, expectedVersion: row.version, reason: null });
  }
  return partnerId;
}

async function ensureAccount({ pool, services: { partners } }: SeedContext, partnerId: bigint): Promise<void> {
  const { rowCount } = await pool.query('select from settlement_account where partner_id = $1', [partnerId.toString()]);
  if (rowCount === 0) await partners.openAccount(approver, { partnerId, currency: 'EUR' });
}

async function ensureAgreement({ pool, services: { agreements } }: SeedContext, partnerId: bigint): Promise<void> {
  const found = async (): Promise<{ id: string; state: string } | undefined> => (await pool.query<{ id: string; state: string }>(
    `select agreement.id, version.state from agreement join agreement_version version on version.agreement_id = agreement.id
      where agreement.tenant_id = $1 and agreement.code = $2 and version.version = 1`, [DEMO.id, AGREEMENT])).rows[0];
  if (!(await found())) {
    await agreements.propose(seedActor(DEMO.id), {
      code: AGREEMENT, name: 'Video Pass with Northlight Media', currency: 'EUR', validFrom: null,
      items: [{ offeringCode: 'video-pass-24h', kind: null, basis: 'NET', parts: [{ partnerId, percent: '70', rate: null }], residualPartnerId: null }],
    });
  }
  const version = await found();
  if (version?.state === 'IN_PROCESS') await agreements.approve(approver, { agreementId: BigInt(version.id), version: 1 });
}
