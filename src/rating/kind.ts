import type { Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';

/** The unit in which each kind of usage is priced. Rating takes types of other rooms only, so it states its own table. */
const UNITS: Readonly<Record<Exclude<UsageKind, 'GENERIC'>, Unit>> = {
  VOICE: 'SECOND', SMS: 'EVENT', MMS: 'EVENT', DATA: 'BYTE', CONTENT: 'EVENT',
};

/** The unit of a kind; GENERIC usage has the unit it brings. */
export const unitOfKind = (kind: UsageKind, brought: Unit): Unit => (kind === 'GENERIC' ? brought : UNITS[kind]);
