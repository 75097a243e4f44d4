import { OfferingDraft, Path, Problems } from '../catalog';
import { UserError } from '../platform/errors';
import { ExactDecimal, parseDecimal, pow10 } from '../platform/money';
import { normaliseSnssai } from '../usage/snssai.rules';
import { isSource } from '../usage/usage.validate';
import type { BitRateUnit } from './slice.enums';
import type { BitRateDraft, DelayDraft, ObjectiveDraft, ServiceProfileDraft, SliceTermsDraft } from './slice-terms.draft';
import type { ServiceProfile, SliceTerms } from './slice.types';

const KBPS: Readonly<Record<BitRateUnit, bigint>> = { KBIT_PER_SECOND: 1n, MBIT_PER_SECOND: 1_000n, GBIT_PER_SECOND: 1_000_000n };
/** A petabit a second, a thousand million devices, a minute: what is more is a mistyped number. */
const MOST_KBPS = 1_000_000_000_000n;
const MOST_DEVICES = 1_000_000_000n;
const LONGEST_DELAY_MS = 60_000;
const MOST_BANDS = 20;
const PLMN = /^\d{5,6}$/;

/** What is wrong with slice terms and with the offering that is to carry them, each with its path from the input object down. */
export function sliceProblems(terms: SliceTermsDraft, offering: OfferingDraft): UserError[] {
  const problems = new Problems();
  checkOffering(problems, offering);
  const { sst, sd } = terms.snssai;
  problems.need(Number.isInteger(sst) && sst >= 0 && sst <= 255, ['slice', 'snssai', 'sst'], 'The slice/service type must be 0 to 255.');
  problems.need(normaliseSnssai(1, sd) !== null, ['slice', 'snssai', 'sd'], 'The slice differentiator must be six hex digits, such as "00AB3F"; leave it out where there is none.');
  problems.need(typeof terms.plmn !== 'string' || PLMN.test(terms.plmn), ['slice', 'plmn'], 'The network must be the five or six digits of its country and network code, such as "26201".');
  checkProfile(problems, terms.profile);
  if (terms.counting) {
    const { source, intervalSeconds } = terms.counting;
    problems.need(isSource(source), ['slice', 'counting', 'source'], 'The source must be 1 to 64 printable ASCII characters, and none of the product\'s own.');
    problems.need(intervalSeconds >= 60 && intervalSeconds <= 86_400, ['slice', 'counting', 'intervalSeconds'], 'The interval must be 60 to 86400 seconds.');
  }
  if (terms.objective) checkObjective(problems, terms.objective, ['slice', 'objective']);
  return problems.errors;
}

function checkOffering(problems: Problems, { periodKind, autoRenew, prices, paymentModes }: OfferingDraft): void {
  problems.need(periodKind !== 'NONE', ['offering', 'periodKind'], 'A slice is paid by periods.');
  problems.need(autoRenew, ['offering', 'autoRenew'], 'A slice renews by itself; its order says when it ends.');
  problems.need(prices.some(({ recurring }) => recurring), ['offering', 'prices'], 'A slice needs a recurring price: its flat fee.');
  problems.need(paymentModes.every((mode) => mode === 'POSTPAID'), ['offering', 'paymentModes'], 'A slice is sold to postpaid accounts only.');
}

function checkProfile(problems: Problems, profile: ServiceProfileDraft): void {
  const path = (field: keyof ServiceProfileDraft): Path => ['slice', 'profile', field];
  const rates = ['downlinkThroughputGuaranteed', 'uplinkThroughputGuaranteed', 'downlinkThroughputMaximum', 'uplinkThroughputMaximum',
    'downlinkThroughputPerDevice', 'uplinkThroughputPerDevice'] as const;
  for (const field of rates) {
    const rate = profile[field];
    problems.need(!rate || (rate.amount >= 0n && kbpsOf(rate) <= MOST_KBPS), path(field), 'A throughput must be from 0 to a million million kbit/s.');
  }
  for (const link of ['downlink', 'uplink'] as const) {
    const most = profile[`${link}ThroughputMaximum`];
    problems.need(!most || kbpsOf(profile[`${link}ThroughputGuaranteed`]) <= kbpsOf(most), path(`${link}ThroughputMaximum`), 'The maximum must not be below what is guaranteed.');
  }
  problems.need(profile.maxNumberOfUEs >= 0n && profile.maxNumberOfUEs <= MOST_DEVICES, path('maxNumberOfUEs'), 'The number of devices must be 0 to 1000000000.');
  const sessions = profile.maxNumberOfPduSessions ?? 0n;
  problems.need(sessions >= 0n && sessions <= MOST_DEVICES, path('maxNumberOfPduSessions'), 'The number of sessions must be 0 to 1000000000.');
  for (const field of ['maxLatency', 'maxJitter'] as const) {
    const ms = profile[field]?.amount ?? 0;
    problems.need(ms >= 0 && ms <= LONGEST_DELAY_MS, path(field), 'A delay must be 0 to 60000 milliseconds.');
  }
}

function checkObjective(problems: Problems, { targetPercent, minimumCoveragePercent, capPercent, bands }: ObjectiveDraft, path: Path): void {
  const percent = (text: string, ...at: readonly string[]): ExactDecimal | null => {
    const value = percentOf(text);
    problems.need(value !== null, [...path, ...at], 'A percentage must be a decimal from "0" to "100".');
    return value;
  };
  const target = percent(targetPercent, 'targetPercent');
  percent(minimumCoveragePercent, 'minimumCoveragePercent');
  percent(capPercent, 'capPercent');
  problems.need(bands.length > 0 && bands.length <= MOST_BANDS, [...path, 'bands'], `There must be 1 to ${MOST_BANDS} bands.`);
  let before: { readonly below: ExactDecimal | null; readonly credit: ExactDecimal | null } | null = null;
  bands.forEach((band, index) => {
    const below = percent(band.below, 'bands', `${index}`, 'below');
    const credit = percent(band.creditPercent, 'bands', `${index}`, 'creditPercent');
    problems.need(!below || !target || compare(below, target) <= 0n, [...path, 'bands', `${index}`, 'below'], 'A bound must not lie above the target.');
    problems.need(!before?.below || !below || compare(below, before.below) < 0n, [...path, 'bands', `${index}`, 'below'], 'Each bound must lie below the one before it.');
    problems.need(!before?.credit || !credit || compare(credit, before.credit) > 0n, [...path, 'bands', `${index}`, 'creditPercent'], 'Each credit must be above the one before it.');
    before = { below, credit };
  });
}

const HUNDRED: ExactDecimal = { unscaled: 100n, scale: 0 };
const compare = (a: ExactDecimal, b: ExactDecimal): bigint => a.unscaled * pow10(b.scale) - b.unscaled * pow10(a.scale);

function percentOf(text: string): ExactDecimal | null {
  const value = parseDecimal(text);
  return value && value.unscaled >= 0n && compare(value, HUNDRED) <= 0n ? value : null;
}

const kbpsOf = ({ amount, unit }: BitRateDraft): bigint => amount * KBPS[unit];
const kbpsText = (rate: BitRateDraft | null | undefined): string | null => (rate ? kbpsOf(rate).toString() : null);
const msOf = (delay: DelayDraft | null | undefined): number | null => delay?.amount ?? null;

/** The terms of a draft without problems, as they are kept. */
export function sliceTermsOf({ snssai, plmn, payer, profile, counting, objective }: SliceTermsDraft): Omit<SliceTerms, 'offeringVersionId' | 'tenantId'> {
  return {
    snssai: normaliseSnssai(snssai.sst, snssai.sd)!, plmn: plmn ?? null, payer, profile: profileOf(profile),
    counting: counting ? { source: counting.source, intervalSeconds: counting.intervalSeconds } : null,
    objective: objective ? {
      targetPercent: objective.targetPercent, minimumCoveragePercent: objective.minimumCoveragePercent, capPercent: objective.capPercent,
      lowersSharing: objective.lowersSharing, bands: objective.bands.map(({ below, creditPercent }) => ({ below, creditPercent })),
    } : null,
  };
}

const profileOf = (draft: ServiceProfileDraft): ServiceProfile => ({
  downlinkGuaranteedKbps: kbpsOf(draft.downlinkThroughputGuaranteed).toString(), uplinkGuaranteedKbps: kbpsOf(draft.uplinkThroughputGuaranteed).toString(),
  downlinkMaximumKbps: kbpsText(draft.downlinkThroughputMaximum), uplinkMaximumKbps: kbpsText(draft.uplinkThroughputMaximum),
  downlinkPerDeviceKbps: kbpsText(draft.downlinkThroughputPerDevice), uplinkPerDeviceKbps: kbpsText(draft.uplinkThroughputPerDevice),
  maximumDevices: draft.maxNumberOfUEs.toString(), maximumPduSessions: draft.maxNumberOfPduSessions?.toString() ?? null,
  latencyMilliseconds: msOf(draft.maxLatency), jitterMilliseconds: msOf(draft.maxJitter), deviceVelocity: draft.deviceVelocity ?? null,
  isolation: draft.isolation ?? null, sharing: draft.sharing, isMissionCritical: draft.isMissionCritical,
});
