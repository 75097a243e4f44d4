import { Temporal } from 'temporal-polyfill';
import { PriceRate, PriceWindow } from '../src/catalog/price.types';
import { ZERO_QUANTITY } from '../src/platform/money';
import { choosePrice, explainFacts, PriceCandidate, priceSpan, PricingSpan, UsageToRate } from '../src/rating';
import { exampleCandidate, exampleUsage, flatRate } from '../src/rating/rating.examples';
import { BenchRow } from './bench.types';

const USAGES = 10_000;
const ROUNDS = 30;
const START = Date.parse('2026-03-01T00:00:00Z');

/**
 * Rating alone, in process, on one core: choose, price and explain of mixed usages against the prices of one subscriber with
 * a base product and an add-on. The baseline is one call into the calendar library per usage, which is what a rater without
 * a zone table would pay for the local hour alone.
 */
export async function run(): Promise<BenchRow[]> {
  const candidates = subscriberPrices();
  const usages = Array.from({ length: USAGES }, (_, index) => mixedUsage(index));
  const spans = usages.map(spanOf);
  const rate = (usage: UsageToRate, index: number): bigint => rateOne(usage, spans[index], candidates);
  const rated = perSecond(usages, ROUNDS, rate);
  const baseline = perSecond(usages, 2, (usage) => BigInt(calendarHour(usage) + 1));
  return [{ name: 'rating: choose, price, explain', value: rated, unit: 'usages/s', baseline, ratio: rated / baseline }];
}

const calendarHour = ({ startedAt }: UsageToRate): number =>
  Temporal.Instant.fromEpochMilliseconds(startedAt).toZonedDateTimeISO('Europe/Dublin').hour;

/** The best of the rounds after warm-up: what the code can do when nothing else takes the core. */
function perSecond(
  usages: readonly UsageToRate[],
  rounds: number,
  work: (usage: UsageToRate, index: number) => bigint,
): number {
  let best = Infinity;
  let check = 0n;
  for (let round = 0; round < rounds; round++) {
    const began = process.hrtime.bigint();
    usages.forEach((usage, index) => {
      check += work(usage, index);
    });
    best = Math.min(best, Number(process.hrtime.bigint() - began));
  }
  if (check === 0n) throw new Error('The benchmark rated nothing.');
  return Math.round((usages.length * 1e9) / best);
}

function rateOne(usage: UsageToRate, span: PricingSpan, candidates: readonly PriceCandidate[]): bigint {
  const chosen = choosePrice(usage, candidates);
  if (typeof chosen === 'string') throw new Error(`A usage of the benchmark has no price: ${chosen}.`);
  const priced = priceSpan(usage, chosen, span);
  return priced.amount + BigInt(JSON.stringify(explainFacts(chosen, priced, span)).length);
}

const spanOf = (usage: UsageToRate): PricingSpan => ({
  offset: ZERO_QUANTITY, quantity: usage.quantity, counterBefore: ZERO_QUANTITY, chargeConnectFee: true,
});

function mixedUsage(index: number): UsageToRate {
  const at = new Date(START + index * 263_000).toISOString();
  const otherParty = `353${85_000_000 + ((index * 7919) % 10_000_000)}`;
  switch (index % 5) {
    case 0: return exampleUsage(BigInt(1 + (index % 1800)), at, { otherParty });
    case 1: return exampleUsage(BigInt(1 + (index % 900)), at, { otherParty: `44${otherParty}` });
    case 2: return exampleUsage(1n, at, { kind: 'SMS', otherParty });
    case 3: return exampleUsage(BigInt(1 + index * 10_007), at, { kind: 'DATA', attributes: { ratingGroup: '1' } });
    default: return exampleUsage(BigInt(1 + (index % 300)), at, { otherParty, direction: 'INCOMING' });
  }
}

/** A deck of 200 prefixes with a night window, messages, tiered data, free incoming calls and an add-on for one country. */
function subscriberPrices(): PriceCandidate[] {
  const night: PriceWindow = {
    name: 'Night', weekdays: [], dates: [], from: '22:00', until: '06:00', weight: 0, connectFee: '0.05',
    steps: [{ from: '0', amount: '0.05', increment: '60' }],
  };
  const steps = [{ from: '0', amount: '0.10', increment: '60' }, { from: '60', amount: '0.08', increment: '1' }];
  const zone = (index: number): PriceRate => ({
    zone: `Zone ${index}`, prefixes: Array.from({ length: 10 }, (_, digit) => `${index + 10}${digit}`), connectFee: '0.05', steps, windows: [night],
  });
  const deck = [...Array.from({ length: 20 }, (_, index) => zone(index)), { ...zone(0), prefixes: ['353', '35385', '*'] }];
  const outgoing = [{ attribute: 'direction', in: ['OUTGOING'] }];
  const incoming = [{ attribute: 'direction', in: ['INCOMING'] }];
  const tiers = [{ upTo: '1000000000', amount: '0.01', flatAmount: '0' }, { upTo: null, amount: '0.005', flatAmount: '0' }];
  return [
    exampleCandidate({ id: '11', conditions: outgoing, rates: deck }),
    exampleCandidate({ id: '12', conditions: incoming, rates: [flatRate('0')] }),
    exampleCandidate({ id: '13', usageKind: 'SMS', rates: [flatRate('0.09')] }),
    exampleCandidate({ id: '14', usageKind: 'DATA', per: 1_000_000n, rates: [flatRate('0', '1048576')], tiers: { mode: 'GRADUATED', tiers } }),
    exampleCandidate({ id: '15', conditions: outgoing, rates: [{ ...flatRate('0.02'), prefixes: ['44'] }] }, { productId: 'q', productPriority: 5 }),
  ];
}
