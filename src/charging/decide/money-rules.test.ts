import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket, planUnits } from '../../balance';
import { formatAmount, quantity } from '../../platform/money';
import { governingIncrement, priceSpan } from '../../rating';
import { exampleChoice, exampleSpan, exampleUsage, flatRate } from '../../rating/rating.examples';
import { planRenewal } from './renewal';
import { exampleAccount, exampleFacts, exampleFee, exampleProduct } from './renewal.examples';

const document = readFileSync(join(__dirname, '../../../docs/money-rules.md'), 'utf8');
const USED = 127n;

const allowance = (value: bigint): Bucket => ({
  shard: 1, rootId: 1n, id: 1, tenantId: 1, accountId: 1n, productId: 1n, allowanceId: 1n, kind: 'UNIT', asset: 'SECOND', priority: 100, isShared: false,
  validFrom: 0, validUntil: null, value, reserved: 0n, granted: value, expired: 0n, creditLimit: 0n, overused: false, version: 0n, state: 'ACTIVE',
});

/** The worked figures of paying: the row as printed, up to what is computed. */
test.each<[string, bigint, bigint]>([
  ['none', 0n, 1n], ['30 s in 1 s steps', 30n, 1n], ['30 s in 60 s steps', 30n, 60n], ['100 s in 60 s steps', 100n, 60n], ['500 s in 30 s steps', 500n, 30n],
])('127 s with %s left', (row, left, step) => {
  const usage = exampleUsage(USED);
  const choice = exampleChoice({ rates: [flatRate('0.10', '60')] });
  const serving = [{ bucket: allowance(left), scope: 0, isOwn: true, step: quantity(step), isBlocking: false }];
  const plan = planUnits(serving, quantity(USED), ({ value }) => value, (offset) => governingIncrement(usage, choice, offset));
  const units = plan.takes.reduce((sum, take) => sum + take.units, 0n);
  const { amount, billed } = priceSpan(usage, choice, exampleSpan(plan.remaining, USED - plan.remaining));
  expect(document).toContain(`| ${row} | ${units} s | ${plan.remaining} s as ${billed} s | ${formatAmount(amount, 'EUR')} |`);
});

test.each<[string, string, string | null, boolean]>([
  ['whole month', '2026-02-01', null, true], ['prorated', '2026-02-15', null, true], ['prorated, ends on the 10th at noon', '2026-02-01', '2026-02-10', true],
  ['not prorated', '2026-02-15', null, false],
])('a fee of 28.00, %s', (row, from, until, isProrated) => {
  const fee = exampleFee(2_800n, { isProrated });
  const product = exampleProduct({}, '2026-01-01T00:00Z', { endedAt: until === null ? null : Date.parse(`${until}T12:00Z`) }, fee);
  const plan = planRenewal(exampleFacts, product, exampleAccount, Date.parse(`${from}T00:00Z`));
  const end = new Date(plan.end!).toISOString().slice(0, 10);
  expect(document).toContain(`| ${row} | ${from} | ${end} | ${formatAmount(plan.fees[0]!.due.gross, 'EUR')} |`);
});
