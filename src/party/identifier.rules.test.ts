import { normaliseIdentifier } from './identifier.rules';
import type { IdentifierKind } from '../usage/usage.types';

describe('identifiers', () => {
  it.each<[string, IdentifierKind, string, string | null]>([
    ['a number as it is', 'MSISDN', '353861234567', '353861234567'],
    ['a number with plus and blanks', 'MSISDN', '+353 86 123 4567', '353861234567'],
    ['the shortest number', 'MSISDN', '12345', '12345'],
    ['the longest number', 'MSISDN', '123456789012345', '123456789012345'],
    ['four digits', 'MSISDN', '1234', null],
    ['sixteen digits', 'MSISDN', '1234567890123456', null],
    ['a national number', 'MSISDN', '0861234567', null],
    ['an international prefix', 'MSISDN', '00353861234567', null],
    ['two pluses', 'MSISDN', '++353861234567', null],
    ['letters', 'MSISDN', '35386ABCDEF', null],
    ['digits of another script', 'MSISDN', '٣٥٣٨٦١٢٣٤', null],
    ['a number with U+0000', 'MSISDN', '353861234567\u0000', null],
    ['a number with a line end', 'MSISDN', '353861234567\n353861234568', null],
    ['nothing', 'MSISDN', '', null],
    ['an IMSI of 15 digits', 'IMSI', '272011234567890', '272011234567890'],
    ['an IMSI of 14 digits', 'IMSI', '27201123456789', '27201123456789'],
    ['an IMSI of 13 digits', 'IMSI', '2720112345678', null],
    ['an IMSI of 16 digits', 'IMSI', '2720112345678901', null],
    ['an IMSI with a line end', 'IMSI', '272011234567890\n', null],
    ['a SIP address', 'SIP_URI', 'sip:ann@example.org', 'sip:ann@example.org'],
    ['a SIP address in capitals', 'SIP_URI', 'SIP:Ann@Example.ORG', 'sip:Ann@example.org'],
    ['a secure SIP address with a port', 'SIP_URI', 'sips:+353861234567@ims.example.org:5061', 'sips:+353861234567@ims.example.org:5061'],
    ['a SIP address with parameters', 'SIP_URI', 'sip:ann@example.org;transport=tcp', null],
    ['a SIP address without user', 'SIP_URI', 'sip:example.org', null],
    ['a SIP address with two hosts', 'SIP_URI', 'sip:ann@a.org@b.org', null],
    ['a SIP host with an empty label', 'SIP_URI', 'sip:ann@a..org', null],
    ['a mail address', 'SIP_URI', 'ann@example.org', null],
    ['a card number', 'ICCID', '8935301012345678908', '8935301012345678908'],
    ['a card number with blanks', 'ICCID', '8935 3010 1234 5678 908', '8935301012345678908'],
    ['a card number with a wrong check digit', 'ICCID', '8935301012345678909', null],
    ['a card number with two digits changed about', 'ICCID', '8953301012345678908', null],
    ['a payment card', 'ICCID', '4111111111111111', null],
    ['a device id', 'DEVICE_ID', 'imei-353918051234569', 'imei-353918051234569'],
    ['a device id with a blank', 'DEVICE_ID', 'a b', null],
    ['a device id of 65 characters', 'DEVICE_ID', 'a'.repeat(65), null],
    ['a device id that begins with a sign', 'DEVICE_ID', '-a', null],
    ['a line id with its port', 'LINE_ID', 'olt7/1/3:12', 'olt7/1/3:12'],
    ['a line id with a quote', 'LINE_ID', 'a\'b', null],
  ])('%s', (_, kind, text, expected) => {
    expect(normaliseIdentifier(kind, text)).toBe(expected);
  });

  it.each<[IdentifierKind, string]>([
    ['MSISDN', '+353 86 123 4567'], ['SIP_URI', 'SIP:Ann@Example.ORG'], ['ICCID', '8935 3010 1234 5678 908'],
  ])('are stable: the stored spelling of %s is its own', (kind, text) => {
    const stored = normaliseIdentifier(kind, text) ?? '';
    expect(normaliseIdentifier(kind, stored)).toBe(stored);
  });
});
