import { PARTNER_STATES, partnerAfter, PartnerState, PartnerStep } from './partner.rules';

const LEGAL: Readonly<Record<string, PartnerState>> = {
  'INITIALIZED VALIDATE': 'VALIDATED', 'INITIALIZED TERMINATE': 'TERMINATED', 'VALIDATED ACTIVATE': 'ACTIVE', 'VALIDATED TERMINATE': 'TERMINATED',
  'ACTIVE SUSPEND': 'SUSPENDED', 'ACTIVE TERMINATE': 'TERMINATED', 'SUSPENDED ACTIVATE': 'ACTIVE', 'SUSPENDED TERMINATE': 'TERMINATED',
};
const STEPS: readonly PartnerStep[] = ['VALIDATE', 'ACTIVATE', 'SUSPEND', 'TERMINATE'];

it.each(PARTNER_STATES.flatMap((state) => STEPS.map((step) => [state, step] as const)))('%s, %s', (state, step) => {
  const expected = LEGAL[`${state} ${step}`];
  if (expected) expect(partnerAfter(state, step)).toBe(expected);
  else expect(() => partnerAfter(state, step)).toThrow('CONFLICT');
});
