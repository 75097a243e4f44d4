import type { Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import { AllowanceDraft, ConditionDraft, OfferingDraft } from './draft.types';
import { CODE_FORM, isCode, isText, Path, Problems } from './problem.rules';

/** What a bucket can hold: a signed 64-bit column. */
const LARGEST_QUANTITY = 2n ** 63n - 1n;
/** The unit of each kind. This room takes types of the usage room only, so it states its own table. */
const UNIT_OF_KIND: Readonly<Record<Exclude<UsageKind, 'GENERIC'>, Unit>> = {
  VOICE: 'SECOND', SMS: 'EVENT', MMS: 'EVENT', DATA: 'BYTE', CONTENT: 'EVENT',
};
const PREFIX = /^\d{1,18}$/;

/** Adds everything wrong with one allowance of a draft. */
export function checkAllowance(problems: Problems, allowance: AllowanceDraft, path: Path, { periodKind }: OfferingDraft): void {
  const { usageKind, unit, firstGrant } = allowance;
  problems.need(isCode(allowance.code), [...path, 'code'], `The code ${CODE_FORM}`);
  problems.need(isText(allowance.name, 200), [...path, 'name'], 'The name must be 1 to 200 printable characters and hold no card number.');
  const due = usageKind === 'GENERIC' ? unit : UNIT_OF_KIND[usageKind];
  problems.need(unit === due, [...path, 'unit'], `The unit must be ${due} for ${usageKind} usage.`);
  problems.need(isPriority(allowance.priority), [...path, 'priority'], 'The priority must be 0 to 32767.');
  problems.need(firstGrant === 'FULL' || periodKind !== 'NONE', [...path, 'firstGrant'],
    'Only an offering with a period can prorate its first grant.');
  checkQuantities(problems, allowance, path);
  allowance.prefixes.forEach((prefix, index) => problems.need(PREFIX.test(prefix), [...path, 'prefixes', `${index}`],
    'A prefix must be 1 to 18 digits of E.164.'));
  checkConditions(problems, allowance.conditions, [...path, 'conditions']);
}

function checkQuantities(problems: Problems, { quantity, step, renewal, rollOverMaximum }: AllowanceDraft, path: Path): void {
  problems.need(quantity >= 1n && quantity <= LARGEST_QUANTITY, [...path, 'quantity'], 'The quantity must be at least 1.');
  if (step !== null && step !== undefined) {
    problems.need(step >= 1n && step <= quantity, [...path, 'step'], 'The step must be from 1 to the quantity.');
  }
  if (rollOverMaximum === null || rollOverMaximum === undefined) return;
  problems.need(renewal === 'ROLL_OVER', [...path, 'rollOverMaximum'], 'Only an allowance that rolls over has a roll-over maximum.');
  problems.need(rollOverMaximum >= 0n, [...path, 'rollOverMaximum'], 'The roll-over maximum must not be negative.');
}

function checkConditions(problems: Problems, conditions: readonly ConditionDraft[], path: Path): void {
  conditions.forEach((condition, index) => {
    problems.need(condition.attribute !== '', [...path, `${index}`, 'attribute'], 'A condition must name an attribute.');
    problems.need(condition.in.length > 0, [...path, `${index}`, 'in'], 'A condition must list at least one value.');
  });
}

export const isPriority = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 32_767;
