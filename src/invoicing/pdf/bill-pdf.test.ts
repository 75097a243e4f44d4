import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { amount, parseAmount } from '../../platform/money';
import { BillDocument, shownMoney } from './bill-document';
import { renderBill } from './bill-pdf';

const document = (lines: number): BillDocument => ({
  title: 'Bill', seller: 'Meridian Mobile', customer: 'Åse Łukasiewicz-Παπαδοπούλου', account: 'Home', number: 'B-2026-000017', issuedAt: new Date('2026-12-01T09:00:00Z'),
  issuedOn: '1 Dec 2026', dueOn: '15 Dec 2026', period: '1 Nov 2026 – 30 Nov 2026', currency: 'EUR',
  lines: Array.from({ length: lines }, (_, index) => ({
    description: index % 3 === 0 ? 'Family 20: Monthly fee' : index % 3 === 1 ? 'Family 20: Calls to Ireland and the European Union, outside the allowance' : 'Family 20: Data',
    period: '1 Nov 2026 – 30 Nov 2026', quantity: index % 3 === 0 ? '1' : index % 3 === 1 ? '1:02:07' : '2,048.00 MB', tax: '23 % incl.', amount: '1,028.00' })),
  taxes: [{ label: 'vat-standard  23 %, in the prices', base: '22.76', amount: '5.24' }, { label: 'vat-zero  0 %', base: '3.00', amount: '0.00' }],
  net: '25.76', tax: '5.24', total: '31.00', deductions: [['Corrections', '-2.00']], due: '29.00', isOwed: true,
});

it('is the same file for the same bill, whenever it is made', async () => {
  const one = await renderBill(document(5));
  await renderBill(document(70));
  const two = await renderBill(document(5));
  expect(one.subarray(0, 8).toString()).toBe('%PDF-1.3');
  expect(createHash('sha256').update(one).digest('hex')).toBe(createHash('sha256').update(two).digest('hex'));
  const folder = process.env.TRIBUTARY_PDF_FOLDER;
  if (folder) for (const lines of [5, 70]) writeFileSync(`${folder}/bill-${lines}.pdf`, await renderBill(document(lines)));
});

it('takes as many pages as its lines need', async () => {
  const pages = async (lines: number): Promise<number> => ((await renderBill(document(lines))).toString('latin1').match(/\/Type \/Page\b/g) ?? []).length;
  expect([await pages(0), await pages(5), await pages(70)]).toEqual([1, 1, 3]);
});

test.each([['1234567.5', 'EUR', '1,234,567.50'], ['-999', 'JPY', '-999'], ['-1000', 'JPY', '-1,000'], ['0.021', 'KWD', '0.021'], ['0', 'EUR', '0.00']])(
  '%s %s is printed as %s', (value, currency, expected) => expect(shownMoney(amount(parseAmount(value)!), currency)).toBe(expected));
