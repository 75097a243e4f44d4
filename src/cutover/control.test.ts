import { compareTotals } from './control';

const line = (kind: string, asset: string, count: number, sum: string) => ({ kind, asset, count, sum, row: 2 });
const brought = [line('MONEY', 'EUR', 2, '12.50'), line('PRODUCT', '', 3, '')];

describe('control totals', () => {
  it.each([
    ['equal ones', brought, []],
    ['equal ones in another spelling', [line('MONEY', 'EUR', 2, '12.500000'), line('PRODUCT', '', 3, '0')], []],
    ['a millionth too much', [line('MONEY', 'EUR', 2, '12.500001'), brought[1]!], ['MONEY in EUR: the control says 2 rows and 12.500001, brought are 2 rows and 12.50.']],
    ['a row too many', [line('MONEY', 'EUR', 3, '12.50'), brought[1]!], ['MONEY in EUR: the control says 3 rows and 12.50, brought are 2 rows and 12.50.']],
    ['what was not brought', [...brought, line('UNITS', 'BYTE', 1, '5')], ['UNITS in BYTE: the control says 1 rows and 5, nothing was brought.']],
    ['nothing, as was brought', [...brought, line('UNITS', 'BYTE', 0, '0')], []],
    ['what it does not name', [brought[0]!], ['PRODUCT: brought are 3 rows, the control does not name it.']],
  ])('%s', (_, stated, differences) => {
    expect(compareTotals(brought, stated)).toEqual(differences);
  });
});
