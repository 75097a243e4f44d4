import { dirname, join } from 'node:path';
import { type Font, openSync } from 'fontkit';
import PDFDocument from 'pdfkit';
import type { BillDocument } from './bill-document';

const MARGIN = 50;
const WIDTH = 595.28 - 2 * MARGIN;
const BOTTOM = 841.89 - 70;
const INK = '#1b2733';
const FAINT = '#66727d';
const RULE = '#c9d1d8';
const BAND = '#f2f5f7';

/** Columns of the lines: where each begins, how wide it is, and how it is aligned. */
const COLUMNS = [
  { title: 'Description', x: 0, width: 190, align: 'left' },
  { title: 'Period', x: 198, width: 122, align: 'left' },
  { title: 'Quantity', x: 322, width: 60, align: 'right' },
  { title: 'Tax', x: 386, width: 46, align: 'right' },
  { title: 'Amount', x: 434, width: WIDTH - 434 - 6, align: 'right' },
] as const;

let fonts: { readonly regular: Font; readonly bold: Font } | undefined;

/**
 * A font with wide coverage is shipped: names of customers are written in their own letters. It is read once a process,
 * because reading it takes longer than drawing a bill.
 */
function loadFonts(): NonNullable<typeof fonts> {
  const folder = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  fonts ??= { regular: openSync(join(folder, 'DejaVuSansCondensed.ttf')) as Font, bold: openSync(join(folder, 'DejaVuSansCondensed-Bold.ttf')) as Font };
  return fonts;
}

/** Renders a bill as PDF; the same bill gives the same bytes at any time and place. */
export async function renderBill(bill: BillDocument): Promise<Buffer> {
  // The library takes a font that was read; its types know files and bytes alone.
  const { regular, bold } = loadFonts() as unknown as { readonly regular: Buffer; readonly bold: Buffer };
  const pdf = new PDFDocument({
    size: 'A4', margin: MARGIN, bufferPages: true, lang: 'en', font: regular as unknown as string,
    info: { Title: `${bill.title} ${bill.number}`, Author: bill.seller, Creator: 'Tributary', Producer: 'Tributary', CreationDate: bill.issuedAt, ModDate: bill.issuedAt },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks))).on('error', reject);
  });
  pdf.registerFont('regular', regular).registerFont('bold', bold);
  const pen = new BillPen(pdf, bill);
  pen.head();
  pen.lines();
  pen.totals();
  pen.pageNumbers();
  pdf.end();
  return done;
}

type Pdf = InstanceType<typeof PDFDocument>;
interface Place { readonly x: number; readonly y: number; readonly width: number; readonly align?: 'left' | 'right' }

/** Draws one bill from top to bottom. */
class BillPen {
  private y = MARGIN;

  constructor(private readonly pdf: Pdf, private readonly bill: BillDocument) {}

  head(): void {
    const { bill } = this;
    this.text(bill.seller, { x: 0, y: this.y, width: WIDTH / 2 }, 15, 'bold');
    this.text(bill.title, { x: WIDTH / 2, y: this.y - 3, width: WIDTH / 2, align: 'right' }, 20, 'bold');
    this.text(bill.number, { x: WIDTH / 2, y: this.y + 24, width: WIDTH / 2, align: 'right' }, 10, 'regular', FAINT);
    this.y += 66;
    this.text('For', { x: 0, y: this.y, width: 240 }, 8, 'regular', FAINT);
    this.text(bill.customer, { x: 0, y: this.y + 12, width: 240 }, 11, 'bold');
    this.text(`Account: ${bill.account}`, { x: 0, y: this.pdf.y + 3, width: 240 }, 9);
    const facts: (readonly [string, string])[] = [['Number', bill.number], ['Issued', bill.issuedOn], ['Period', bill.period], ...(bill.isOwed ? [['Pay by', bill.dueOn] as const] : [])];
    facts.forEach(([label, value], index) => {
      const y = this.y + 3 + index * 15;
      this.text(label, { x: 290, y, width: 60 }, 9, 'regular', FAINT);
      this.text(value, { x: 350, y, width: WIDTH - 350, align: 'right' }, 9);
    });
    this.y += 74;
    this.pdf.roundedRect(MARGIN, this.y, WIDTH, 40, 4).fill(BAND);
    this.text(bill.isOwed ? `Amount due by ${bill.dueOn}` : 'Amount due', { x: 12, y: this.y + 14, width: 300 }, 10);
    this.text(`${bill.currency} ${bill.due}`, { x: 250, y: this.y + 10, width: WIDTH - 262, align: 'right' }, 15, 'bold');
    this.y += 62;
  }

  lines(): void {
    this.columnTitles();
    for (const line of this.bill.lines) {
      const height = Math.max(this.heightOf(line.description, COLUMNS[0].width), this.heightOf(line.period, COLUMNS[1].width)) + 9;
      if (this.y + height > BOTTOM) this.nextPage();
      [line.description, line.period, line.quantity, line.tax, line.amount].forEach((value, index) => {
        const { x, width, align } = COLUMNS[index]!;
        this.text(value, { x, y: this.y, width, align }, 8.5, 'regular', index === 0 || index === 4 ? INK : FAINT);
      });
      this.y += height;
      this.rule(this.y - 4);
    }
    this.y += 8;
  }

  totals(): void {
    const { bill } = this;
    const needed = 60 + bill.taxes.length * 14 + (3 + bill.deductions.length) * 16;
    if (this.y + needed > BOTTOM) this.nextPage(false);
    const top = this.y;
    this.text('Tax', { x: 0, y: top, width: 150 }, 8, 'regular', FAINT);
    this.text('On', { x: 140, y: top, width: 60, align: 'right' }, 8, 'regular', FAINT);
    this.text('Amount', { x: 204, y: top, width: 54, align: 'right' }, 8, 'regular', FAINT);
    bill.taxes.forEach(({ label, base, amount }, index) => {
      const y = top + 14 + index * 14;
      this.text(label, { x: 0, y, width: 150 }, 8);
      this.text(base, { x: 140, y, width: 60, align: 'right' }, 8);
      this.text(amount, { x: 204, y, width: 54, align: 'right' }, 8);
    });
    const sums: (readonly [string, string])[] = [['Net', bill.net], ['Tax', bill.tax], ['Total', bill.total], ...bill.deductions];
    sums.forEach(([label, value], index) => {
      const y = top + index * 16;
      this.text(label, { x: 300, y, width: 130 }, 9, label === 'Total' ? 'bold' : 'regular');
      this.text(value, { x: 420, y, width: WIDTH - 426, align: 'right' }, 9, label === 'Total' ? 'bold' : 'regular');
    });
    const y = top + sums.length * 16 + 4;
    this.rule(y, 300);
    this.text(`Due in ${bill.currency}`, { x: 300, y: y + 7, width: 130 }, 11, 'bold');
    this.text(bill.due, { x: 420, y: y + 7, width: WIDTH - 426, align: 'right' }, 11, 'bold');
    this.y = Math.max(y + 36, top + 24 + bill.taxes.length * 14 + 10);
    if (bill.isOwed) this.text(`Please pay by ${bill.dueOn} and name ${bill.number}.`, { x: 0, y: this.y, width: WIDTH }, 9, 'regular', FAINT);
    else if (bill.title === 'Statement') this.text('Everything on this statement was paid from prepaid money when it was used. Nothing is to be paid.', { x: 0, y: this.y, width: WIDTH }, 9, 'regular', FAINT);
    else this.text('Nothing is to be paid.', { x: 0, y: this.y, width: WIDTH }, 9, 'regular', FAINT);
  }

  /** Written last, because only then the number of pages is known. */
  pageNumbers(): void {
    const { start, count } = this.pdf.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.pdf.switchToPage(start + page);
      // Below the margin a new page would begin by itself.
      this.pdf.page.margins.bottom = 0;
      this.text(this.bill.number, { x: 0, y: 841.89 - 44, width: WIDTH / 2 }, 8, 'regular', FAINT);
      this.text(`Page ${page + 1} of ${count}`, { x: WIDTH / 2, y: 841.89 - 44, width: WIDTH / 2, align: 'right' }, 8, 'regular', FAINT);
    }
  }

  private columnTitles(): void {
    for (const { title, x, width, align } of COLUMNS) this.text(title, { x, y: this.y, width, align }, 8, 'regular', FAINT);
    this.y += 15;
    this.rule(this.y - 2);
    this.y += 5;
  }

  private nextPage(withTitles = true): void {
    this.pdf.addPage();
    this.y = MARGIN;
    if (withTitles) this.columnTitles();
  }

  private heightOf(text: string, width: number): number {
    return this.pdf.font('regular').fontSize(8.5).heightOfString(text, { width });
  }

  private rule(y: number, from = 0): void {
    this.pdf.moveTo(MARGIN + from, y).lineTo(MARGIN + WIDTH, y).lineWidth(0.5).strokeColor(RULE).stroke();
  }

  private text(value: string, { x, y, width, align = 'left' }: Place, size: number, font: 'regular' | 'bold' = 'regular', color = INK): void {
    this.pdf.font(font).fontSize(size).fillColor(color).text(value, MARGIN + x, y, { width, align });
  }
}
