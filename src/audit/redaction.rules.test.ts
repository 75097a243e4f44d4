import { maskReason, REDACTED, redactFacts } from './redaction.rules';

describe('redaction of audit rows', () => {
  it.each([
    ['references stay', { accountId: 'a1', id: 7n }, { accountId: 'a1', id: '7' }],
    ['states, versions and times stay', { state: 'ACTIVE', version: 3, validUntil: '2026-01-01' },
      { state: 'ACTIVE', version: '3', validUntil: '2026-01-01' }],
    ['amounts stay, also inside', { creditLimit: { amount: '50', currency: 'EUR' } }, { creditLimit: { amount: '50', currency: 'EUR' } }],
    ['names are hidden', { familyName: 'Murphy', name: 'Ann' }, { familyName: REDACTED, name: REDACTED }],
    ['numbers of people are hidden', { msisdn: '353861234567', value: '353861234567' }, { msisdn: REDACTED, value: REDACTED }],
    ['an unknown key is hidden', { shoeSize: 44 }, { shoeSize: REDACTED }],
    ['a person\'s own number is hidden although it is an id', { nationalId: '85', deviceId: '35' }, { nationalId: REDACTED, deviceId: REDACTED }],
    ['secrets are hidden, also whole objects', { voucherCode: 'X', tokenSecret: { id: 'k' } }, { voucherCode: REDACTED, tokenSecret: REDACTED }],
    ['paid is not an id', { paid: 'Ann' }, { paid: REDACTED }],
    ['lists are judged by their key', { chargeIds: ['c1', 'c2'], names: ['Ann'] }, { chargeIds: ['c1', 'c2'], names: [REDACTED] }],
    ['nothing stays nothing', { closedAt: null, isShared: true, parentId: undefined }, { closedAt: null, isShared: true }],
  ])('%s', (_, facts, expected) => {
    expect(redactFacts(facts)).toEqual(expected);
  });

  it('bounds the depth, the lists and the texts', () => {
    const deep = { a: { b: { c: { d: { e: { id: '1' } } } } } };
    expect(JSON.stringify(redactFacts(deep))).toBe(`{"a":{"b":{"c":{"d":{"e":"${REDACTED}"}}}}}`);
    const wide = redactFacts({ chargeIds: Array.from({ length: 60 }, () => 'x'), id: 'y'.repeat(300) });
    expect((wide.chargeIds as string[]).length).toBe(50);
    expect((wide.id as string).length).toBe(200);
  });

  it.each([
    ['called from +353 86 123 4567 twice', `called from ${REDACTED} twice`],
    ['ann@example.com asked', `${REDACTED} asked`],
    ['goodwill of 12.50 for 2 days', 'goodwill of 12.50 for 2 days'],
    ['card 4111-1111-1111-1111', `card ${REDACTED}`],
  ])('masks the reason %s', (reason, expected) => {
    expect(maskReason(reason)).toBe(expected);
  });
});
