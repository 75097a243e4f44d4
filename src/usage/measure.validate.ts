import { Unit } from '../platform/money';
import { checkedCount, UsageFault } from './text.rules';
import type { DataUsageInput, UsageInput, UsageQuantityInput, VoiceUsageInput } from './usage.input';
import { CallDirection, UNIT_OF_KIND, UsageKind } from './usage.types';
import type { UsageRemark } from './usage.validate';

/** What was used and how much of it, with the names of the field that said so. */
export interface Measure {
  readonly kind: UsageKind;
  readonly field: UsageField;
  readonly direction: CallDirection | null;
  readonly amount: bigint;
  readonly unit: Unit;
  readonly remark: UsageRemark | null;
}

export type UsageField = 'voice' | 'sms' | 'mms' | 'data' | 'content' | 'generic';

const FIELDS: readonly UsageField[] = ['voice', 'sms', 'mms', 'data', 'content', 'generic'];
const KIND_OF_FIELD: Readonly<Record<UsageField, UsageKind>> = {
  voice: 'VOICE', sms: 'SMS', mms: 'MMS', data: 'DATA', content: 'CONTENT', generic: 'GENERIC',
};

/** How far the two directions may differ from the total before it is told: one part in so many. */
const VOLUME_TOLERANCE = 100n;

/** Reads the one kind that is given. @throws UsageFault where there is none, or more than one, or its numbers are none. */
export function readMeasure(input: UsageInput, attributes: Record<string, string>): Measure {
  const field = onlyField(input);
  const kind = KIND_OF_FIELD[field];
  switch (field) {
    case 'voice': return { kind, field, direction: input.voice!.direction, ...callOf(input.voice!), remark: null };
    case 'sms':
    case 'mms': {
      const message = input[field]!;
      return { kind, field, direction: message.direction ?? 'OUTGOING', ...countOf(message.quantity, field), remark: null };
    }
    case 'data': return { kind, field, direction: null, unit: 'BYTE', ...volumeOf(input.data!, attributes) };
    case 'content': return { kind, field, direction: null, ...countOf(input.content!.quantity, field), remark: null };
    case 'generic': {
      const { amount, unit } = input.generic!.quantity;
      return { kind, field, direction: null, amount: checkedCount(amount, ['generic', 'quantity', 'amount']), unit, remark: null };
    }
  }
}

function onlyField(input: UsageInput): UsageField {
  let found: UsageField | null = null;
  for (const field of FIELDS) {
    if (input[field] === null || input[field] === undefined) continue;
    if (found) throw new UsageFault([field], `Must be the only kind; ${found} is given too.`);
    found = field;
  }
  if (!found) throw new UsageFault([], `Must hold exactly one of ${FIELDS.join(', ')}.`);
  return found;
}

/** A call that nobody took lasted no time, but what was stated must be a number nevertheless. */
function callOf({ quantity, answered }: VoiceUsageInput): { readonly amount: bigint; readonly unit: Unit } {
  const stated = amountIn(quantity, UNIT_OF_KIND.VOICE, 'voice');
  return { amount: answered === false ? 0n : stated, unit: UNIT_OF_KIND.VOICE };
}

function countOf(stated: UsageQuantityInput | null | undefined, field: UsageField): { readonly amount: bigint; readonly unit: Unit } {
  return { amount: stated ? amountIn(stated, 'EVENT', field) : 1n, unit: 'EVENT' };
}

function amountIn({ amount, unit }: UsageQuantityInput, wanted: Unit, field: UsageField): bigint {
  if (unit !== wanted) throw new UsageFault([field, 'quantity', 'unit'], `Must be ${wanted}: units are never converted into each other.`);
  return checkedCount(amount, [field, 'quantity', 'amount']);
}

/** The total as stated, or the sum of both directions; both directions stay with the usage as attributes. */
function volumeOf(data: DataUsageInput, attributes: Record<string, string>): { readonly amount: bigint; readonly remark: UsageRemark | null } {
  const [up, down] = [directionOf(data, 'uplinkVolume', attributes), directionOf(data, 'downlinkVolume', attributes)];
  const total = data.quantity ? amountIn(data.quantity, 'BYTE', 'data') : null;
  if (total === null && (up === null || down === null)) {
    throw new UsageFault(['data', 'quantity'], 'Must be given, unless both uplinkVolume and downlinkVolume are.');
  }
  if (total === null) return { amount: checkedSum(up!, down!), remark: null };
  return { amount: total, remark: up === null || down === null ? null : differenceOf(total, up + down) };
}

function directionOf(data: DataUsageInput, name: 'uplinkVolume' | 'downlinkVolume', attributes: Record<string, string>): bigint | null {
  const text = data[name];
  if (text === null || text === undefined) return null;
  const volume = checkedCount(text, ['data', name]);
  attributes[name] = text;
  return volume;
}

const checkedSum = (up: bigint, down: bigint): bigint => checkedCount((up + down).toString(), ['data']);

function differenceOf(total: bigint, sum: bigint): UsageRemark | null {
  const difference = total > sum ? total - sum : sum - total;
  if (difference * VOLUME_TOLERANCE <= total) return null;
  return { path: ['data', 'quantity'], message: `The total of ${total} bytes is charged; both directions together are ${sum} bytes.` };
}
