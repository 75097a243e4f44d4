import { refuse } from '../errors';

/** Digits in the groups that people write, one blank or dash between them. */
const GROUPS = /\d+(?:[ \u00a0-]\d+)*/g;
/** One in a thousand would hold a card number by chance. */
const UUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const SHORTEST = 13;
const LONGEST = 19;
/** How payment cards begin; what begins with 1 or 20 is as a rule a time or a day, with 8 a SIM card. */
const ISSUED = /^(?:2[2-7]|[3-6])/;

/** The check digit of cards and SIM cards (ISO/IEC 7812): every second digit from the right counts double. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const weighted = place % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** Whether a text holds what could be the number of a payment card, in whichever digits and groups it is written. */
export function holdsCardNumber(text: string): boolean {
  const runs = text.normalize('NFKC').replace(UUIDS, '').replace(/[\u2010-\u2015]/g, '-').match(GROUPS) ?? [];
  return runs.some((run) => isCardIn(run.split(/[^\d]/)));
}

/** Neighbouring groups are tried together: "4111 1111 1111 1111 12" is a card and something else. */
function isCardIn(groups: readonly string[]): boolean {
  return groups.some((_, start) => {
    let digits = '';
    for (const group of groups.slice(start)) {
      digits += group;
      if (digits.length > LONGEST) return false;
      if (digits.length >= SHORTEST && ISSUED.test(digits) && passesLuhn(digits)) return true;
    }
    return false;
  });
}

/**
 * Ends a change whose text could hold a card number: none is stored, in no field.
 * @throws Refusal INVALID_INPUT at `path`.
 */
export function refuseCardNumber(text: string, path: readonly string[]): void {
  if (holdsCardNumber(text)) refuse('INVALID_INPUT', 'This looks like it holds a card number; card numbers are not taken.', path);
}
