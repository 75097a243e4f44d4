import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { amount, formatAmount, parseAmount, parseDecimal } from '../platform/money';
import { basisOf, OPERATOR, ShareItem, SharePart, sharesOf } from './share.rules';

const document = readFileSync(join(__dirname, '../../docs/money-rules.md'), 'utf8');
const percent = (partnerId: string, text: string): SharePart => {
  const { unscaled, scale } = parseDecimal(text)!;
  return { partnerId, model: 'PERCENTAGE', fraction: { unscaled, scale: scale + 2 } };
};
const money = (value: bigint): string => formatAmount(amount(value), 'EUR');
const MESSAGE: SharePart = { partnerId: '9', model: 'PER_UNIT', amount: 1_000n, per: 1n, unit: 'EVENT' };

/** The worked figures of sharing: the row as printed, up to what is computed. */
test.each<[string, readonly SharePart[], 'NET' | 'GROSS', net: string, tax: string, times: bigint]>([
  ['a message at 0.008 | NET | 70 %', [percent('7', '70')], 'NET', '0.008', '0', 1n],
  ['100,000 of them | NET | 70 %', [percent('7', '70')], 'NET', '0.008', '0', 100_000n],
  ['a message at 0.008 with 20 % tax | GROSS | 70 %, residual another partner', [percent('7', '70')], 'GROSS', '0.008', '0.0016', 1n],
  ['a charge of 0.000001 | NET | 50 % and 50 %', [percent('7', '50'), percent('8', '50')], 'NET', '0.000001', '0', 1n],
  ['a message paid by an allowance | NET | 70 %, and 0.001 a message', [percent('7', '70'), MESSAGE], 'NET', '0', '0', 1n],
  ['a video pass of 1.50 with 23 % tax inside | NET | 70 %', [percent('7', '70')], 'NET', '1.219512', '0.280488', 1n],
])('%s', (row, parts, basis, net, tax, times) => {
  const item: ShareItem = { versionId: '1', item: 0, offeringId: null, kind: null, basis, parts, residual: OPERATOR, asset: 'EUR/6', from: 0, until: null };
  const charge = { net: parseAmount(net)!, tax: parseAmount(tax)! };
  const shares = sharesOf(item, basisOf(item, charge), { quantity: 1n, unit: 'EVENT' }).map(({ share }) => money(share * times));
  expect(document).toContain(`| ${row} | ${shares.slice(0, -1).join(' and ')} | ${shares.at(-1)} |`);
});
