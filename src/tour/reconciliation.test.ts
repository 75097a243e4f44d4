import { AccountFacts, chargedIsBilled, ChargeRead, requireExact, roundingOf, sharesAndOwnPart, StatementRead } from './reconciliation';

const page = <T>(...nodes: T[]) => ({ nodes, pageInfo: { hasNextPage: false } });
const charge = (id: string, net: string, gross: string, over: Partial<ChargeRead> = {}): ChargeRead => ({
  id, kind: 'CONTENT', bookedAt: '2026-06-10T12:00:00Z', net: { amount: net }, gross: { amount: gross }, product: { offering: { code: 'pass' } }, ...over,
});
const [a, b, c] = [charge('a', '1.219512', '1.50'), charge('b', '0.000001', '0.000001'), charge('c', '10', '12.30')];
const line = (amount: string, ...charges: ChargeRead[]) => ({ description: 'Films', amount: { amount }, charges: page(...charges) });
const account = (over: Partial<AccountFacts> = {}): AccountFacts => ({
  name: 'Home', charges: page(a, b, c), bills: [{ total: { amount: '1.50' }, lines: page(line('1.50', a, b)) }], unbilled: { lines: page(line('12.30', c)) }, ...over,
});

describe('charged = billed + unbilled', () => {
  it('holds to the millionth', () => {
    expect(chargedIsBilled(account())).toEqual({
      of: 'Home', whole: ['charged', '13.800001'], parts: [['billed', '1.500001'], ['unbilled', '12.30']], off: '0.00', isExact: true,
    });
    expect(chargedIsBilled(account({ charges: page(a, b), unbilled: null })).isExact).toBe(true);
  });

  it('is off by a millionth where such a charge is on no bill', () => {
    const lost = account({ bills: [{ total: { amount: '1.50' }, lines: page(line('1.50', a)) }] });
    expect(chargedIsBilled(lost)).toMatchObject({ off: '0.000001', isExact: false });
    expect(() => requireExact([chargedIsBilled(account()), chargedIsBilled(lost)]))
      .toThrow('The reconciliation is off:\nHome: charged 13.800001 = billed 1.50 + unbilled 12.30, OFF BY 0.000001');
    expect(() => requireExact([chargedIsBilled(account())])).not.toThrow();
  });

  it('sees a charge that is billed twice, and a list that goes on', () => {
    expect(() => chargedIsBilled(account({ unbilled: { lines: page(line('1.50', a)) } }))).toThrow('A charge of Home is billed twice.');
    expect(() => chargedIsBilled(account({ charges: { nodes: [a], pageInfo: { hasNextPage: true } } }))).toThrow('longer than the page');
  });

  it('shows what rounding to the cent added', () => expect(roundingOf([account()])).toBe('-0.000001'));
});

describe('shares + own part = revenue', () => {
  const agreed = [{ kind: 'CONTENT', basis: 'NET' as const, offering: { code: 'pass' }, parties: [{ percent: '70', partner: { name: 'Films' } }] }];
  const share = (amount: string) => ({ share: { amount }, basis: { amount: { amount: '0' } } });
  const statement = (printed: string, rounding: string, ...shares: string[]): StatementRead => ({
    partner: { name: 'Films' }, number: 1, period: { from: '2026-06-01', until: '2026-07-01' }, payable: { amount: printed }, rounding: { amount: rounding },
    lines: page({
      offering: { name: 'Pass' }, kind: 'CONTENT', percent: '70', count: '1', basis: { amount: { amount: '0' } }, share: { amount: printed }, shares: page(...shares.map(share)),
    }),
  });
  const others = [charge('d', '5', '6', { kind: 'RECURRING_FEE' }), charge('e', '5', '6', { product: null }), charge('f', '5', '6', { bookedAt: '2026-06-30T23:00:00Z' })];

  it('holds to the millionth, over the charges of the agreement and the month alone', () => {
    expect(sharesAndOwnPart(statement('0.85', '-0.003659', '0.853658', '0.000001'), agreed, [a, b, ...others], 'Europe/Dublin')).toEqual({
      of: 'Films', whole: ['revenue', '1.219513'], parts: [['shares', '0.853659'], ['own part', '0.365854']], off: '0.00', isExact: true,
    });
  });

  it('is off where a share is not what was agreed, or missing', () => {
    expect(sharesAndOwnPart(statement('0.85', '-0.003657', '0.853657'), agreed, [a], 'Europe/Dublin')).toMatchObject({ off: '0.000001', isExact: false });
    expect(sharesAndOwnPart(statement('0', '0'), agreed, [a], 'Europe/Dublin')).toMatchObject({ off: '0.853658', isExact: false });
  });

  it('sees lines that are not their shares, rounded', () => {
    expect(() => sharesAndOwnPart(statement('0.86', '0', '0.853658'), agreed, [a], 'Europe/Dublin')).toThrow('The lines of Films are not their shares, rounded.');
  });
});
