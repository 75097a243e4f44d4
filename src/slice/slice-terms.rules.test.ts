import type { OfferingDraft, PriceDraft } from '../catalog';
import type { ObjectiveDraft, ServiceProfileDraft, SliceTermsDraft } from './slice-terms.draft';
import { sliceProblems, sliceTermsOf } from './slice-terms.rules';

const fee = { code: 'fee', recurring: { amount: '1', isProrated: true } } as PriceDraft;
const offering = (more: Partial<OfferingDraft> = {}): OfferingDraft =>
  ({ periodKind: 'CALENDAR_MONTH', autoRenew: true, paymentModes: ['POSTPAID'], prices: [fee], ...more }) as OfferingDraft;
const kbps = (amount: bigint) => ({ amount, unit: 'KBIT_PER_SECOND' as const });
const profile: ServiceProfileDraft = {
  downlinkThroughputGuaranteed: { amount: 2n, unit: 'GBIT_PER_SECOND' }, uplinkThroughputGuaranteed: { amount: 3n, unit: 'MBIT_PER_SECOND' }, maxNumberOfUEs: 7n,
  sharing: 'SHARED', isMissionCritical: false,
};
const objective: ObjectiveDraft = {
  targetPercent: '99.95', minimumCoveragePercent: '90', capPercent: '30', lowersSharing: true,
  bands: [{ below: '99.95', creditPercent: '5' }, { below: '99.5', creditPercent: '20' }],
};
const terms = (more: Partial<SliceTermsDraft> = {}): SliceTermsDraft => ({ snssai: { sst: 1, sd: '0x00ab3f' }, payer: 'TENANT', profile, objective, ...more });
const ofProfile = (more: Partial<ServiceProfileDraft>) => terms({ profile: { ...profile, ...more } });
const ofObjective = (more: Partial<ObjectiveDraft>) => terms({ objective: { ...objective, ...more } });
const bands = (...list: [string, string][]) => ofObjective({ bands: list.map(([below, creditPercent]) => ({ below, creditPercent })) });

it.each<[string, SliceTermsDraft, OfferingDraft, string[]]>([
  ['nothing', terms(), offering(), []],
  ['nothing of what may be left out', terms({ objective: null, plmn: '26201', counting: { source: 'nsacf1', intervalSeconds: 60 } }), offering({ periodKind: 'HOUR' }), []],
  ['an offering without periods', terms(), offering({ periodKind: 'NONE' }), ['offering.periodKind']],
  ['an offering that ends by itself', terms(), offering({ autoRenew: false }), ['offering.autoRenew']],
  ['an offering without a flat fee', terms(), offering({ prices: [] }), ['offering.prices']],
  ['an offering for prepaid accounts', terms(), offering({ paymentModes: ['POSTPAID', 'PREPAID'] }), ['offering.paymentModes']],
  ['a type of 256', terms({ snssai: { sst: 256 } }), offering(), ['slice.snssai.sst']],
  ['a negative type', terms({ snssai: { sst: -1 } }), offering(), ['slice.snssai.sst']],
  ['a differentiator of five digits', terms({ snssai: { sst: 1, sd: '0AB3F' } }), offering(), ['slice.snssai.sd']],
  ['a network of four digits', terms({ plmn: '2620' }), offering(), ['slice.plmn']],
  ['a negative rate', ofProfile({ uplinkThroughputGuaranteed: kbps(-1n) }), offering(), ['slice.profile.uplinkThroughputGuaranteed']],
  ['a rate beyond a petabit', ofProfile({ downlinkThroughputPerDevice: { amount: 1_000_001n, unit: 'GBIT_PER_SECOND' } }), offering(), ['slice.profile.downlinkThroughputPerDevice']],
  ['a maximum below what is guaranteed', ofProfile({ downlinkThroughputMaximum: kbps(1_999_999n) }), offering(), ['slice.profile.downlinkThroughputMaximum']],
  ['a maximum of what is guaranteed', ofProfile({ downlinkThroughputMaximum: kbps(2_000_000n) }), offering(), []],
  ['negative counts', ofProfile({ maxNumberOfUEs: -1n, maxNumberOfPduSessions: -1n }), offering(), ['slice.profile.maxNumberOfUEs', 'slice.profile.maxNumberOfPduSessions']],
  ['a delay of minutes', ofProfile({ maxLatency: { amount: 60_001, unit: 'MILLISECOND' } }), offering(), ['slice.profile.maxLatency']],
  ['a sample every 59 seconds', terms({ counting: { source: 'n', intervalSeconds: 59 } }), offering(), ['slice.counting.intervalSeconds']],
  ['a sample every other day', terms({ counting: { source: 'n', intervalSeconds: 86_401 } }), offering(), ['slice.counting.intervalSeconds']],
  ['a source of the product\'s own', terms({ counting: { source: 'slice', intervalSeconds: 60 } }), offering(), ['slice.counting.source']],
  ['percentages that are none', ofObjective({ targetPercent: '100.000001', minimumCoveragePercent: '-1', capPercent: '101' }), offering(),
    ['slice.objective.targetPercent', 'slice.objective.minimumCoveragePercent', 'slice.objective.capPercent']],
  ['no bands', bands(), offering(), ['slice.objective.bands']],
  ['a band above the target', bands(['99.96', '5']), offering(), ['slice.objective.bands.0.below']],
  ['equal bounds, spelled otherwise', bands(['99.5', '5'], ['99.50', '6']), offering(), ['slice.objective.bands.1.below']],
  ['a credit that does not rise', bands(['99.5', '5'], ['99', '5.0']), offering(), ['slice.objective.bands.1.creditPercent']],
  ['a credit above the fee', bands(['99.5', '100.1']), offering(), ['slice.objective.bands.0.creditPercent']],
])('tells %s', (_, given, offered, paths) => expect(sliceProblems(given, offered).map(({ path }) => path.join('.'))).toEqual(paths));

it('keeps rates in kbit/s and the differentiator in its one spelling', () => {
  expect(sliceTermsOf(terms())).toMatchObject({ snssai: { sst: 1, sd: '00AB3F' }, profile: { downlinkGuaranteedKbps: '2000000', uplinkGuaranteedKbps: '3000', maximumDevices: '7' } });
});
