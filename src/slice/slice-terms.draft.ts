import type { BitRateUnit, DelayUnit } from './slice.enums';
import type { ServiceProfile, SlicePayer } from './slice.types';

/** A throughput as a person states it. */
export interface BitRateDraft {
  readonly amount: bigint;
  readonly unit: BitRateUnit;
}
export interface DelayDraft {
  readonly amount: number;
  readonly unit: DelayUnit;
}

export interface ServiceProfileDraft extends Pick<ServiceProfile, 'sharing' | 'isMissionCritical'> {
  readonly downlinkThroughputGuaranteed: BitRateDraft;
  readonly uplinkThroughputGuaranteed: BitRateDraft;
  readonly downlinkThroughputMaximum?: BitRateDraft | null;
  readonly uplinkThroughputMaximum?: BitRateDraft | null;
  readonly downlinkThroughputPerDevice?: BitRateDraft | null;
  readonly uplinkThroughputPerDevice?: BitRateDraft | null;
  readonly maxNumberOfUEs: bigint;
  readonly maxNumberOfPduSessions?: bigint | null;
  readonly maxLatency?: DelayDraft | null;
  readonly maxJitter?: DelayDraft | null;
  readonly deviceVelocity?: ServiceProfile['deviceVelocity'];
  readonly isolation?: ServiceProfile['isolation'];
}

export interface ObjectiveDraft {
  readonly targetPercent: string;
  readonly minimumCoveragePercent: string;
  readonly bands: readonly { readonly below: string; readonly creditPercent: string }[];
  readonly capPercent: string;
  readonly lowersSharing: boolean;
}

/** Slice terms as a catalog manager states them. */
export interface SliceTermsDraft {
  readonly snssai: { readonly sst: number; readonly sd?: string | null };
  readonly plmn?: string | null;
  readonly payer: SlicePayer;
  readonly profile: ServiceProfileDraft;
  readonly counting?: { readonly source: string; readonly intervalSeconds: number } | null;
  readonly objective?: ObjectiveDraft | null;
}
