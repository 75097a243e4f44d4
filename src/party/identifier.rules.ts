import { refuse } from '../platform/errors';
import { passesLuhn } from '../platform/text';
import type { IdentifierKind } from '../usage/usage.types';

interface IdentifierForm {
  /** The one spelling under which the value is stored and found; null where the text is no such identifier. */
  readonly normalise: (text: string) => string | null;
  /** Ends the sentence "A ... is". */
  readonly form: string;
}

const matching = (pattern: RegExp) => (text: string): string | null => (pattern.test(text) ? text : null);

const MSISDN = /^[1-9]\d{4,14}$/;
const ICCID = /^89\d{16,18}$/;
const SIP_USER = /^[A-Za-z0-9+_.!~*'()&=$,%-]{1,100}$/;
const HOST_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const SIP_HOST = new RegExp(`^(?=.{1,150}$)${HOST_LABEL}(?:\\.${HOST_LABEL})*(?::[1-9]\\d{0,4})?$`);

function normaliseMsisdn(text: string): string | null {
  const digits = text.trim().replace(/^\+/, '').replace(/ /g, '');
  return MSISDN.test(digits) ? digits : null;
}

/** Scheme and host without regard to case, the user as written: `SIP:Ann@Example.ORG` is `sip:Ann@example.org`. */
function normaliseSipUri(text: string): string | null {
  const parts = /^(sips?):([^@]+)@(.+)$/i.exec(text);
  if (!parts) return null;
  const [scheme, user, host] = [parts[1].toLowerCase(), parts[2], parts[3].toLowerCase()];
  return SIP_USER.test(user) && SIP_HOST.test(host) ? `${scheme}:${user}@${host}` : null;
}

function normaliseIccid(text: string): string | null {
  const digits = text.replace(/ /g, '');
  return ICCID.test(digits) && passesLuhn(digits) ? digits : null;
}

const FORMS: Readonly<Record<IdentifierKind, IdentifierForm>> = {
  MSISDN: { normalise: normaliseMsisdn, form: 'an E.164 number with its country code, 5 to 15 digits, such as "353861234567"' },
  IMSI: { normalise: matching(/^\d{14,15}$/), form: '14 or 15 digits' },
  SIP_URI: { normalise: normaliseSipUri, form: 'a SIP address without parameters, such as "sip:ann@example.org"' },
  DEVICE_ID: { normalise: matching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/), form: '1 to 64 letters, digits and ". _ : -"' },
  LINE_ID: { normalise: matching(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/), form: '1 to 64 letters, digits and ". _ : / -"' },
  ICCID: { normalise: normaliseIccid, form: '18 to 20 digits that begin with 89 and end with their check digit' },
};

/** The one spelling under which the value is stored and found; null where the text is no identifier of that kind. */
export const normaliseIdentifier = (kind: IdentifierKind, text: string): string | null => FORMS[kind].normalise(text);

/** As normaliseIdentifier. @throws Refusal INVALID_INPUT at `path`. */
export function checkedIdentifier(kind: IdentifierKind, text: string, path: readonly string[]): string {
  return normaliseIdentifier(kind, text) ?? refuse('INVALID_INPUT', `A value of kind ${kind} is ${FORMS[kind].form}.`, path);
}
