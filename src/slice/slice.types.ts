import type { Snssai } from '../usage/snssai.rules';

/** Whose account pays what an admitted device uses in the slice: the slice's own, or the device's. Never both. */
export type SlicePayer = 'TENANT' | 'DEVICE';

/** What the network's counter of registered devices is read from: a sample every so many seconds, of one source. */
export interface DeviceCounting {
  /** Source whose samples count; those of others are refused. */
  readonly source: string;
  readonly intervalSeconds: number;
}

/** A credit where availability was below a bound: percent of the flat fee. Percents are decimal text, "99.95". */
export interface CreditBand {
  readonly below: string;
  readonly creditPercent: string;
}

/** The one availability objective of a slice (TMF657 ServiceLevelObjective). Percents are decimal text from "0" to "100". */
export interface AvailabilityObjective {
  readonly targetPercent: string;
  /** Below this coverage of the measured time there is no verdict but a case. */
  readonly minimumCoveragePercent: string;
  /** By falling bounds; the last band that availability is below decides. */
  readonly bands: readonly CreditBand[];
  /** Most that a period's credit may be, percent of the period's flat fee. */
  readonly capPercent: string;
  /** Whether a credit also lowers what partners share in. */
  readonly lowersSharing: boolean;
}

/**
 * ServiceProfile (TS 28.541) with the attributes of NG.116 that matter for price and service level. Counts and rates are
 * whole numbers, rates in kbit/s.
 */
export interface ServiceProfile {
  /** Guaranteed per slice; what an area's capacity is reserved by. */
  readonly downlinkGuaranteedKbps: string;
  readonly uplinkGuaranteedKbps: string;
  readonly downlinkMaximumKbps: string | null;
  readonly uplinkMaximumKbps: string | null;
  readonly downlinkPerDeviceKbps: string | null;
  readonly uplinkPerDeviceKbps: string | null;
  /** maxNumberofUEs; reserved of the area's devices as well. */
  readonly maximumDevices: string;
  readonly maximumPduSessions: string | null;
  readonly latencyMilliseconds: number | null;
  readonly jitterMilliseconds: number | null;
  readonly deviceVelocity: 'STATIONARY' | 'PEDESTRIAN' | 'VEHICULAR' | 'HIGH_SPEED' | null;
  readonly isolation: 'NONE' | 'LOGICAL' | 'PHYSICAL' | null;
  readonly sharing: 'SHARED' | 'NON_SHARED';
  readonly isMissionCritical: boolean;
}

/** What makes an offering version a slice. Immutable once launched. */
export interface SliceTerms {
  readonly offeringVersionId: string;
  readonly tenantId: number;
  readonly snssai: Snssai;
  /** "26201"; null = the operator's own network. */
  readonly plmn: string | null;
  readonly payer: SlicePayer;
  readonly profile: ServiceProfile;
  /** Null = devices are not counted. */
  readonly counting: DeviceCounting | null;
  /** Null = nothing is promised. */
  readonly objective: AvailabilityObjective | null;
}
