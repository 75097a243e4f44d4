import * as fc from 'fast-check';
import { normaliseIdentifier } from '../../src/party/identifier.rules';
import { DialPlan } from '../../src/usage/dial-plan';
import { UsageInput } from '../../src/usage/usage.input';
import { isSource, readUsage, UsageRules } from '../../src/usage/usage.validate';

const plan: DialPlan = {
  countryCode: '353', nationalPrefix: '0', internationalPrefixes: ['00'], emergencyNumbers: ['112', '999'], freephonePrefixes: ['3531800'],
  shortCodes: [{ pattern: '171', name: 'Voicemail' }], nationalNumberLengths: [7, 10],
};
const rules: UsageRules = { tenantId: 1, source: 'msc1', plan, normaliseIdentifier };

const SECONDS = (amount: string) => ({ amount, unit: 'SECOND' as const });
const BYTES = (amount: string) => ({ amount, unit: 'BYTE' as const });
const base: UsageInput = { usageId: 'u1', subscriber: { msisdn: '0861234567' }, startedAt: '2026-11-21T08:30:00.000Z' };
const call: UsageInput = { ...base, voice: { direction: 'OUTGOING', otherParty: '+44 20 7946 0000', quantity: SECONDS('60') } };
const withCall = (over: object): UsageInput => ({ ...call, voice: { ...call.voice!, ...over } });

function eventOf(input: UsageInput, over: Partial<UsageRules> = {}) {
  const read = readUsage(input, { ...rules, ...over });
  if ('fault' in read) throw new Error(`${read.fault.path.join('.')}: ${read.fault.message}`);
  return read;
}

describe('a usage that can be read', () => {
  it('becomes an event in the spelling of identifiers and prices', () => {
    const { event, remark } = eventOf({ ...withCall({ otherNetwork: '23415' }), endedAt: '2026-11-21T10:31:00+02:00', attributes: [{ name: 'place', value: 'Dún Laoghaire' }] });
    expect(remark).toBeNull();
    expect({ ...event, bodyHash: event.bodyHash.length }).toEqual({
      tenantId: 1, source: 'msc1', usageId: 'u1', kind: 'VOICE', direction: 'OUTGOING', subscriber: { kind: 'MSISDN', value: '353861234567' },
      startedAt: Date.parse('2026-11-21T08:30:00Z'), endedAt: Date.parse('2026-11-21T08:31:00Z'), quantity: 60n, unit: 'SECOND',
      otherParty: '442079460000', otherNetwork: '23415', attributes: { place: 'Dún Laoghaire', numberKind: 'INTERNATIONAL' }, emergency: false, bodyHash: 32,
    });
  });

  it.each<[string, UsageInput, object]>([
    ['the largest quantity', withCall({ quantity: SECONDS('9223372036854775807') }), { quantity: 2n ** 63n - 1n }],
    ['a quantity beyond the floats', { ...base, data: { quantity: BYTES('9007199254740993') } }, { quantity: 9007199254740993n, unit: 'BYTE', kind: 'DATA' }],
    ['both directions', { ...base, data: { uplinkVolume: '3', downlinkVolume: '4' } }, { quantity: 7n, attributes: { uplinkVolume: '3', downlinkVolume: '4' } }],
    ['one message', { ...base, sms: { otherParty: '171' } }, { kind: 'SMS', quantity: 1n, unit: 'EVENT', direction: 'OUTGOING', otherParty: '171' }],
    ['two pictures', { ...base, mms: { quantity: { amount: '2', unit: 'EVENT' } } }, { kind: 'MMS', quantity: 2n, otherParty: null }],
    ['content', { ...base, content: {} }, { kind: 'CONTENT', quantity: 1n, unit: 'EVENT' }],
    ['anything in its own unit', { ...base, generic: { quantity: BYTES('5') } }, { kind: 'GENERIC', unit: 'BYTE', quantity: 5n }],
    ['a call that nobody took', withCall({ answered: false }), { quantity: 0n }],
    ['a withheld number', withCall({ otherParty: null }), { otherParty: null }],
    ['an emergency call', withCall({ otherParty: '1-1-2' }), { otherParty: '112', emergency: true }],
    ['an emergency call of an impossible number', { ...withCall({ otherParty: '112' }), subscriber: { msisdn: '?' } }, { emergency: true, subscriber: { kind: 'MSISDN', value: '?' } }],
    ['a call from an emergency number', withCall({ otherParty: '112', direction: 'INCOMING' }), { emergency: true, attributes: { numberKind: 'EMERGENCY' } }],
    ['a message from a name', { ...base, sms: { direction: 'INCOMING', otherParty: 'AMAZON' } }, { otherParty: 'AMAZON', attributes: { numberKind: 'ALPHANUMERIC' }, emergency: false }],
    ['a service code', withCall({ otherParty: '*100#' }), { otherParty: '*100#', attributes: { numberKind: 'SERVICE_CODE' }, emergency: false }],
    ['an IMSI', { ...call, subscriber: { imsi: '272011234567890' } }, { subscriber: { kind: 'IMSI', value: '272011234567890' } }],
    ['a SIP address', { ...call, subscriber: { sipUri: 'SIP:ann@Example.ORG' } }, { subscriber: { kind: 'SIP_URI', value: 'sip:ann@example.org' } }],
    ['an attribute named like a member of objects', { ...call, attributes: [{ name: 'constructor', value: '' }] }, { attributes: { constructor: '' } }],
    ['an end before its start, which the engine puts aside', { ...call, endedAt: '2026-11-21T08:29:59Z' }, { endedAt: Date.parse('2026-11-21T08:29:59Z') }],
  ])('%s', (_, input, expected) => expect(eventOf(input).event).toMatchObject(expected));

  it.each<[string, string, object]>([
    ['with plus', '+353861234567', { otherParty: '353861234567' }], ['with 00', '00353861234567', { otherParty: '353861234567' }],
    ['bare', '353861234567', { otherParty: '353861234567' }], ['112', '112', { emergency: true }], ['911', '911', { emergency: true }],
  ])('where the tenant has no dial plan: a number %s', (_, otherParty, expected) => {
    const { event } = eventOf({ ...withCall({ otherParty }), subscriber: { msisdn: '353861234567' } }, { plan: null });
    expect(event).toMatchObject({ subscriber: { value: '353861234567' }, ...expected });
  });

  it.each<[string, string, number]>([['equal', '100', 0], ['one part in a hundred', '101', 0], ['more', '102', 1]])(
    'charges the total; directions that differ from it are told: %s', (_, downlinkVolume, remarks) => {
      const { event, remark } = eventOf({ ...base, data: { quantity: BYTES('10000'), uplinkVolume: '9900', downlinkVolume: `${BigInt(downlinkVolume) + (remarks ? 99n : 0n)}` } });
      expect(event.quantity).toBe(10_000n);
      expect(remark === null ? 0 : 1).toBe(remarks);
      if (remark) expect(remark.path).toEqual(['data', 'quantity']);
    });

  it('hashes alike for the same content however it is written, and differently for another', () => {
    const hash = (input: UsageInput): string => eventOf(input).event.bodyHash.toString('hex');
    expect(hash({ ...call, subscriber: { msisdn: '+353 86 123 4567' }, startedAt: '2026-11-21T09:30:00+01:00' })).toBe(hash(call));
    expect(hash({ ...call, attributes: [{ name: 'a', value: '1' }, { name: 'b', value: '2' }] }))
      .toBe(hash({ ...call, attributes: [{ name: 'b', value: '2' }, { name: 'a', value: '1' }] }));
    expect(hash(withCall({ quantity: SECONDS('61') }))).not.toBe(hash(call));
    expect(hash({ ...call, attributes: [{ name: 'a', value: '1' }] })).not.toBe(hash(call));
  });
});

describe('a usage that cannot be read names the field', () => {
  const amount = ['voice', 'quantity', 'amount'];
  it.each<[string, UsageInput, string[]]>([
    ['negative', withCall({ quantity: SECONDS('-1') }), amount],
    ['not whole', withCall({ quantity: SECONDS('1.5') }), amount],
    ['an exponent', withCall({ quantity: SECONDS('1e30') }), amount],
    ['above 64 bits', withCall({ quantity: SECONDS('9223372036854775808') }), amount],
    ['no number', withCall({ quantity: SECONDS('NaN') }), amount],
    ['nothing', withCall({ quantity: SECONDS('') }), amount],
    ['digits of another script', withCall({ quantity: SECONDS('٣') }), amount],
    ['leading zeros', withCall({ quantity: SECONDS('007') }), amount],
    ['a call in bytes', withCall({ quantity: BYTES('1') }), ['voice', 'quantity', 'unit']],
    ['an unanswered call with a bad length', withCall({ answered: false, quantity: SECONDS('-1') }), amount],
    ['data without volume', { ...base, data: {} }, ['data', 'quantity']],
    ['data with one direction', { ...base, data: { uplinkVolume: '1' } }, ['data', 'quantity']],
    ['directions beyond 64 bits together', { ...base, data: { uplinkVolume: '9223372036854775807', downlinkVolume: '1' } }, ['data']],
    ['a negative direction', { ...base, data: { uplinkVolume: '-1', downlinkVolume: '1' } }, ['data', 'uplinkVolume']],
    ['no kind', base, []],
    ['two kinds', { ...call, sms: {} }, ['sms']],
    ['an id of U+0000', { ...call, usageId: 'a\u0000b' }, ['usageId']],
    ['an empty id', { ...call, usageId: '' }, ['usageId']],
    ['an id of 129 characters', { ...call, usageId: 'u'.repeat(129) }, ['usageId']],
    ['half a character', { ...call, attributes: [{ name: 'place', value: '\ud800' }] }, ['attributes', '0', 'value']],
    ['U+0000', { ...call, attributes: [{ name: 'place', value: 'a\u0000' }] }, ['attributes', '0', 'value']],
    ['a value of 257 characters', { ...call, attributes: [{ name: 'place', value: 'x'.repeat(257) }] }, ['attributes', '0', 'value']],
    ['an attribute twice', { ...call, attributes: [{ name: 'a', value: '1' }, { name: 'a', value: '2' }] }, ['attributes', '1', 'name']],
    ['an attribute of no name', { ...call, attributes: [{ name: '__proto__', value: '1' }] }, ['attributes', '0', 'name']],
    ['33 attributes', { ...call, attributes: Array.from({ length: 33 }, (_, i) => ({ name: `a${i}`, value: '' })) }, ['attributes']],
    ['no subscriber', { ...call, subscriber: {} }, ['subscriber']],
    ['two subscribers', { ...call, subscriber: { msisdn: '0861234567', imsi: '272011234567890' } }, ['subscriber']],
    ['a number that is none', { ...call, subscriber: { msisdn: 'anonymous' } }, ['subscriber', 'msisdn']],
    ['a short code as subscriber', { ...call, subscriber: { msisdn: '171' } }, ['subscriber', 'msisdn']],
    ['an IMSI with letters', { ...call, subscriber: { imsi: '27201123456789x' } }, ['subscriber', 'imsi']],
    ['a number of U+0000', { ...call, subscriber: { msisdn: '08612345\u000067' } }, ['subscriber', 'msisdn']],
    ['an other party that is none', withCall({ otherParty: 'nobody at all' }), ['voice', 'otherParty']],
    ['an other party of U+0000', withCall({ otherParty: 'AMA\u0000ZON' }), ['voice', 'otherParty']],
    ['an emergency number of another country', withCall({ otherParty: '911' }), ['voice', 'otherParty']],
    ['a broken network', withCall({ otherNetwork: '\ud800' }), ['voice', 'otherNetwork']],
    ['a local time', { ...call, startedAt: '2026-11-21T08:30:00' }, ['startedAt']],
    ['a day that does not exist', { ...call, startedAt: '2026-02-30T08:30:00Z' }, ['startedAt']],
    ['an end that is none', { ...call, endedAt: 'later' }, ['endedAt']],
  ])('%s', (_, input, path) => {
    const read = readUsage(input, rules);
    expect('fault' in read ? read.fault.path : null).toEqual(path);
  });

  it('and never throws, whatever the texts are', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('112', '0861234567', '60', '2026-11-21T08:30:00Z'));
    const input = fc.record({
      usageId: text, subscriber: fc.record({ msisdn: text, imsi: text }, { requiredKeys: [] }), startedAt: text,
      voice: fc.option(fc.record({ direction: fc.constantFrom('OUTGOING' as const, 'INCOMING' as const), otherParty: text, quantity: fc.record({ amount: text, unit: fc.constant('SECOND' as const) }) })),
      data: fc.option(fc.record({ uplinkVolume: text, downlinkVolume: text })),
      attributes: fc.option(fc.array(fc.record({ name: text, value: text }), { maxLength: 3 })),
    });
    fc.assert(fc.property(input, (usage) => {
      const read = readUsage(usage, rules);
      if ('event' in read) expect(read.event.quantity).toBeGreaterThanOrEqual(0n);
      else expect(read.fault.message).toMatch(/^(Must|DateTime must) .*\.$/s);
    }), { numRuns: 500 });
  });
});

test.each<[string, boolean]>([
  ['msc1', true], ['MSC 1', true], ['', false], [' msc1', false], ['m'.repeat(64), true], ['m'.repeat(65), false], ['msc\u0000', false],
  ['refund', false], ['renewal', false], ['activation', false], ['change', false], ['credit', false], ['slice', false],
])('%j may be a source: %s', (source, expected) => expect(isSource(source)).toBe(expected));

test('reading a usage takes microseconds', () => {
  const inputs = Array.from({ length: 20_000 }, (_, index) => ({ ...call, usageId: `u${index}`, attributes: [{ name: 'place', value: 'Cork' }] }));
  for (const input of inputs) readUsage(input, rules);
  const startedAt = performance.now();
  for (const input of inputs) readUsage(input, rules);
  const each = (performance.now() - startedAt) / inputs.length * 1000;
  process.stdout.write(`reading a usage: ${each.toFixed(1)} µs\n`);
  // The budget is 15 µs on an idle core; ten times as much where the machine is busy.
  expect(each).toBeLessThan(150);
});
