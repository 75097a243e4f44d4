import { refuse } from '../platform/errors';

/**
 * Life of a partner, a PartyRole of an organization (TMF669): INITIALIZED → VALIDATED → ACTIVE ⇄ SUSPENDED, and from any of
 * them → TERMINATED. Only an active partner enters an agreement; a suspended one is still owed its shares, and is not paid.
 */
export const PARTNER_STATES = ['INITIALIZED', 'VALIDATED', 'ACTIVE', 'SUSPENDED', 'TERMINATED'] as const;
export type PartnerState = (typeof PARTNER_STATES)[number];

/** What is done to a partner. */
export type PartnerStep = 'VALIDATE' | 'ACTIVATE' | 'SUSPEND' | 'TERMINATE';

const STEPS: Readonly<Record<PartnerStep, { readonly from: readonly PartnerState[]; readonly to: PartnerState }>> = {
  VALIDATE: { from: ['INITIALIZED'], to: 'VALIDATED' },
  ACTIVATE: { from: ['VALIDATED', 'SUSPENDED'], to: 'ACTIVE' },
  SUSPEND: { from: ['ACTIVE'], to: 'SUSPENDED' },
  TERMINATE: { from: ['INITIALIZED', 'VALIDATED', 'ACTIVE', 'SUSPENDED'], to: 'TERMINATED' },
};

/** The state after a step. @throws Refusal CONFLICT for a step that the state does not have. */
export function partnerAfter(state: PartnerState, step: PartnerStep): PartnerState {
  const { from, to } = STEPS[step];
  return from.includes(state) ? to : refuse('CONFLICT', `The partner is ${state}.`, ['partnerId']);
}
