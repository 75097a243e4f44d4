import { DialPlan } from './dial-plan';
import { isFreephone, normaliseNumber, normaliseParty, NumberKind } from './number.rules';

const ireland: DialPlan = {
  countryCode: '353', nationalPrefix: '0', internationalPrefixes: ['00'], emergencyNumbers: ['112', '999'],
  freephonePrefixes: ['3531800'], shortCodes: [{ pattern: '171', name: 'Voicemail' }, { pattern: '50*', name: 'Premium' }],
  nationalNumberLengths: [7, 10],
};
const america: DialPlan = {
  ...ireland, countryCode: '1', nationalPrefix: '', internationalPrefixes: ['011'], emergencyNumbers: ['911'],
  shortCodes: [], nationalNumberLengths: [10, 10],
};
const italy: DialPlan = { ...ireland, countryCode: '39', nationalPrefix: '', shortCodes: [], nationalNumberLengths: [6, 11] };

test.each<[string, DialPlan, string, string, NumberKind]>([
  ['plus', ireland, '+353851234567', '353851234567', 'NATIONAL'],
  ['plus, written', ireland, ' +353 (0)85 123-4567 ', '353851234567', 'NATIONAL'],
  ['plus, abroad', ireland, '+442079460000', '442079460000', 'INTERNATIONAL'],
  ['double zero', ireland, '00442079460000', '442079460000', 'INTERNATIONAL'],
  ['double zero to the own country', ireland, '00353851234567', '353851234567', 'NATIONAL'],
  ['national', ireland, '0851234567', '353851234567', 'NATIONAL'],
  ['national, written', ireland, '(01) 555 1234', '35315551234', 'NATIONAL'],
  ['E.164 without plus', ireland, '353851234567', '353851234567', 'NATIONAL'],
  ['E.164 without plus, abroad', ireland, '442079460000', '442079460000', 'INTERNATIONAL'],
  ['tel URI', ireland, 'tel:+353-85-123-4567', '353851234567', 'NATIONAL'],
  ['tel URI with context', ireland, 'TEL:171;phone-context=example.ie', '171', 'SHORT'],
  ['short code', ireland, '171', '171', 'SHORT'],
  ['short code by its beginning', ireland, '50123', '50123', 'SHORT'],
  ['emergency', ireland, '112', '112', 'EMERGENCY'],
  ['emergency, written', ireland, '9-9-9', '999', 'EMERGENCY'],
  ['emergency of another country', ireland, '911', '911', 'INVALID'],
  ['an emergency number inside another', ireland, '0112555123', '353112555123', 'NATIONAL'],
  ['unknown short number', ireland, '1850', '1850', 'INVALID'],
  ['local number without its area', ireland, '5551234', '5551234', 'INVALID'],
  ['national prefix twice', ireland, '00851234567', '851234567', 'INTERNATIONAL'],
  ['national prefix after the country code', ireland, '+3530851234567', '3530851234567', 'INVALID'],
  ['own country, too long', ireland, '+35385123456789', '35385123456789', 'INVALID'],
  ['too long for E.164', ireland, '+4412345678901234', '4412345678901234', 'INVALID'],
  ['too short for E.164', ireland, '+44123', '44123', 'INVALID'],
  ['country codes begin with no zero', ireland, '+0442079460000', '0442079460000', 'INVALID'],
  ['ten digits are national where there is no prefix', america, '2025550123', '12025550123', 'NATIONAL'],
  ['eleven with the country code', america, '1 202 555 0123', '12025550123', 'NATIONAL'],
  ['011', america, '011353851234567', '353851234567', 'INTERNATIONAL'],
  ['a zero that belongs to the number', italy, '06 1234567', '39061234567', 'NATIONAL'],
  ['and after plus', italy, '+39 06 1234567', '39061234567', 'NATIONAL'],
  ['words', ireland, 'anonymous', '', 'INVALID'],
  ['SIP URI', ireland, 'sip:+353851234567@example.ie', '', 'INVALID'],
  ['plus inside', ireland, '353+851234567', '', 'INVALID'],
  ['no digits', ireland, '-', '', 'INVALID'],
  ['nothing', ireland, '', '', 'INVALID'],
])('%s', (_, plan, raw, number, kind) => expect(normaliseNumber(raw, plan)).toEqual({ number, kind }));

test.each<[string, string, string, NumberKind]>([
  ['a name', 'AMAZON', 'AMAZON', 'ALPHANUMERIC'],
  ['a name as written', ' Bank of I ', 'Bank of I', 'ALPHANUMERIC'],
  ['a name with digits first', '3 Mobile', '3 Mobile', 'ALPHANUMERIC'],
  ['a name of another script', 'Ö3 Škoda', 'Ö3 Škoda', 'ALPHANUMERIC'],
  ['eleven characters', 'ABCDEFGHIJK', 'ABCDEFGHIJK', 'ALPHANUMERIC'],
  ['twelve characters', 'ABCDEFGHIJKL', '', 'INVALID'],
  ['a control character', 'AMA\u0007ZON', '', 'INVALID'],
  ['a line end', 'AMA\nZON', '', 'INVALID'],
  ['a character that turns the text around', 'AMA\u202eZON', '', 'INVALID'],
  ['no letter', '12_34', '', 'INVALID'],
  ['a balance enquiry', '*100#', '*100#', 'SERVICE_CODE'],
  ['a diversion', '*21*0851234567#', '*21*0851234567#', 'SERVICE_CODE'],
  ['all diversions off', '##002#', '##002#', 'SERVICE_CODE'],
  ['a code without its end', '*86', '*86', 'SERVICE_CODE'],
  ['forty characters', `*${'1'.repeat(39)}`, `*${'1'.repeat(39)}`, 'SERVICE_CODE'],
  ['forty-one characters', `*${'1'.repeat(40)}`, '', 'INVALID'],
  ['a star alone', '*', '', 'INVALID'],
  ['a call with the own number hidden', '#31#0851234567', '353851234567', 'NATIONAL'],
  ['a call with the own number shown', '*31#+44 20 7946 0000', '442079460000', 'INTERNATIONAL'],
  ['a number', '085 123 4567', '353851234567', 'NATIONAL'],
  ['an emergency number', '112', '112', 'EMERGENCY'],
  ['an address', 'sip:ann@x', '', 'INVALID'],
])('the other party is %s', (_, raw, number, kind) => expect(normaliseParty(raw, ireland)).toEqual({ number, kind }));

test.each([['3531800123456', true], ['353180123456', false]])('%s is freephone: %s', (number, expected) => {
  expect(isFreephone(number, ireland)).toBe(expected);
});
