import { quantity } from '../platform/money';
import { DialPlan } from './dial-plan';
import { readParty } from './party.validate';
import { readMeasure } from './measure.validate';
import { SLICE_SOURCE } from './device-count.rules';
import { readSnssai, SNSSAI_FORM, snssaiText } from './snssai.rules';
import { checkedInstant, checkedText, isSenderKey, UsageFault } from './text.rules';
import { bodyHashOf } from './usage.codec';
import type { UsageAttributeInput, UsageInput } from './usage.input';
import { IdentifierKind, SNSSAI, UsageEvent } from './usage.types';

/** What a call's usages are read by. */
export interface UsageRules {
  readonly tenantId: number;
  readonly source: string;
  /** Null = every number comes as an international one. */
  readonly plan: DialPlan | null;
  /** The spelling under which an identifier is stored; null where the text is none of that kind. */
  readonly normaliseIdentifier: (kind: IdentifierKind, text: string) => string | null;
}

/** Something odd in a usage that is charged nevertheless. */
export interface UsageRemark {
  readonly path: readonly string[];
  readonly message: string;
}

/** A usage ready to be charged, or what is wrong with it. */
export type ReadUsage =
  | { readonly event: UsageEvent; readonly remark: UsageRemark | null }
  | { readonly fault: UsageFault };

const LONGEST_USAGE_ID = 128;
export const LONGEST_CHARGING_ID = 64;
export const LONGEST_SOURCE = 64;
const MOST_ATTRIBUTES = 32;
const LONGEST_ATTRIBUTE = 256;
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** Under these names the product books what is its own: fees, what it gives back of them, refunds, and what it counts of slices. */
const OWN_SOURCES: ReadonlySet<string> = new Set(['activation', 'renewal', 'change', 'credit', 'refund', SLICE_SOURCE]);

/** Whether a sender may call itself so. */
export const isSource = (text: string): boolean => isSenderKey(text, LONGEST_SOURCE) && !OWN_SOURCES.has(text);

/** Reads one usage; what is wrong with it is a value, so that its neighbours are not harmed. */
export function readUsage(input: UsageInput, rules: UsageRules): ReadUsage {
  try {
    return usageOf(input, rules);
  } catch (error) {
    if (error instanceof UsageFault) return { fault: error };
    throw error;
  }
}

function usageOf(input: UsageInput, rules: UsageRules): { event: UsageEvent; remark: UsageRemark | null } {
  if (!isSenderKey(input.usageId, LONGEST_USAGE_ID)) {
    throw new UsageFault(['usageId'], `Must be 1 to ${LONGEST_USAGE_ID} printable ASCII characters, without blanks at its ends.`);
  }
  const attributes = readAttributes(input.attributes);
  const measure = readMeasure(input, attributes);
  const party = readParty(input, measure, rules);
  const event = {
    tenantId: rules.tenantId, source: rules.source, usageId: input.usageId, kind: measure.kind, direction: measure.direction,
    subscriber: party.subscriber, startedAt: checkedInstant(input.startedAt, ['startedAt']),
    endedAt: typeof input.endedAt === 'string' ? checkedInstant(input.endedAt, ['endedAt']) : null,
    quantity: quantity(measure.amount), unit: measure.unit, otherParty: party.otherParty, otherNetwork: party.otherNetwork,
    // A code inside the network and a number abroad may begin alike: prices tell them apart by what the dial plan found.
    attributes: party.numberKind ? { ...attributes, numberKind: party.numberKind } : attributes, emergency: party.emergency,
  };
  const linked = typeof input.chargingId === 'string' ? { ...event, chargingId: checkedChargingId(input.chargingId) } : event;
  return { event: { ...linked, bodyHash: bodyHashOf(linked) }, remark: measure.remark };
}

function checkedChargingId(text: string): string {
  if (isSenderKey(text, LONGEST_CHARGING_ID)) return text;
  throw new UsageFault(['chargingId'], `Must be 1 to ${LONGEST_CHARGING_ID} printable ASCII characters, without blanks at its ends.`);
}

function readAttributes(list: readonly UsageAttributeInput[] | null | undefined): Record<string, string> {
  const attributes: Record<string, string> = {};
  if (!list) return attributes;
  if (list.length > MOST_ATTRIBUTES) throw new UsageFault(['attributes'], `Must be at most ${MOST_ATTRIBUTES} attributes.`);
  list.forEach(({ name, value }, index) => {
    const path = ['attributes', `${index}`];
    if (!ATTRIBUTE_NAME.test(name)) throw new UsageFault([...path, 'name'], 'Must be a letter, then up to 63 letters, digits and "_ . -".');
    if (Object.hasOwn(attributes, name)) throw new UsageFault([...path, 'name'], 'Must come once.');
    attributes[name] = name === SNSSAI ? snssaiOf(value, [...path, 'value'])
      : value === '' ? '' : checkedText(value, LONGEST_ATTRIBUTE, [...path, 'value']);
  });
  return attributes;
}

/** In its one spelling, before anything is hashed: whose usage it is hangs on it. */
function snssaiOf(value: string, path: readonly string[]): string {
  const snssai = readSnssai(value);
  if (snssai === null) throw new UsageFault(path, `Must be ${SNSSAI_FORM}.`);
  return snssaiText(snssai);
}
