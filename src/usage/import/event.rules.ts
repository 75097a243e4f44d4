import { DialPlan, INTERNATIONAL_PLAN } from '../dial-plan';
import { NormalNumber, normaliseNumber, normaliseParty } from '../number.rules';
import { readSnssai, SNSSAI_FORM, snssaiText } from '../snssai.rules';
import { bodyHashOf } from '../usage.codec';
import { IdentifierKind, SNSSAI, UsageEvent } from '../usage.types';
import { RowProblem } from './import.error';
import { MappedRow, shortened } from './mapping.compile';

/** What all rows of one import share. */
export interface ImportScope {
  readonly tenantId: number;
  readonly source: string;
  /** Null where the tenant has none: numbers are then international. */
  readonly dialPlan: DialPlan | null;
  /** The spelling in which identifiers of a kind are kept; null for what is none. */
  readonly normaliseIdentifier: (kind: IdentifierKind, value: string) => string | null;
}

/** The usage of a mapped row, its numbers normalised by the tenant's dial plan. @throws RowProblem */
export function eventOf(row: MappedRow, scope: ImportScope): UsageEvent {
  const other = row.otherParty === '' ? null : known(normaliseParty(row.otherParty, planOf(scope)), row.otherParty);
  const event = {
    tenantId: scope.tenantId, source: scope.source, usageId: row.id, kind: row.kind, direction: row.direction,
    subscriber: { kind: row.subscriberKind, value: subscriberOf(row, scope) },
    startedAt: row.startedAt, endedAt: row.endedAt, quantity: row.quantity, unit: row.unit,
    otherParty: other && other.number, otherNetwork: row.otherNetwork === '' ? null : row.otherNetwork,
    // A code inside the network and a number abroad may begin alike: prices tell them apart by what normalisation found.
    attributes: { ...row.attributes, ...(other && { numberKind: other.kind }), ...snssaiOf(row) },
    emergency: other?.kind === 'EMERGENCY',
  };
  // Only the rows of a mapping of records have one.
  const linked = row.chargingId === '' ? event : { ...event, chargingId: row.chargingId, isRecord: true as const };
  return { ...linked, bodyHash: bodyHashOf(linked) };
}

function snssaiOf({ attributes }: MappedRow): Record<string, string> {
  const text = attributes[SNSSAI];
  if (text === undefined || text === '') return {};
  const snssai = readSnssai(text);
  if (snssai === null) throw new RowProblem('INVALID_VALUE', `"${shortened(text)}" is not ${SNSSAI_FORM}.`);
  return { [SNSSAI]: snssaiText(snssai) };
}

function subscriberOf({ subscriber, subscriberKind: kind }: MappedRow, scope: ImportScope): string {
  if (subscriber === '') throw new RowProblem('MISSING_VALUE', 'The row names no subscriber.');
  const value = scope.normaliseIdentifier(kind, kind === 'MSISDN' ? ownNumberOf(subscriber, scope) : subscriber);
  if (value === null) throw new RowProblem('INVALID_NUMBER', `"${shortened(subscriber)}" is no identifier of kind ${kind}.`);
  return value;
}

/** A short code or an emergency number is nobody's own. */
function ownNumberOf(text: string, scope: ImportScope): string {
  const { number, kind } = known(normaliseNumber(text, planOf(scope)), text);
  return kind === 'NATIONAL' || kind === 'INTERNATIONAL' ? number : '';
}

const planOf = ({ dialPlan }: ImportScope): DialPlan => dialPlan ?? INTERNATIONAL_PLAN;

function known(normal: NormalNumber, text: string): NormalNumber {
  if (normal.kind === 'INVALID') throw new RowProblem('INVALID_NUMBER', `"${shortened(text)}" is no number by the tenant's dial plan.`);
  return normal;
}
