/** How the numbers of a tenant's network are dialled. All values are digits. */
export interface DialPlan {
  /** Country calling code: "353". */
  readonly countryCode: string;
  /** Prefix of national calls: "0"; empty where there is none. */
  readonly nationalPrefix: string;
  /** Prefixes of international calls: "00", "011". */
  readonly internationalPrefixes: readonly string[];
  /** "112", "999": free, never refused, need no account. */
  readonly emergencyNumbers: readonly string[];
  /** Prefixes after normalisation whose calls the called party pays: "3531800". */
  readonly freephonePrefixes: readonly string[];
  /** Numbers that live inside the network and never become E.164. */
  readonly shortCodes: readonly ShortCode[];
  /** Least and most digits of a national number, without the national prefix. */
  readonly nationalNumberLengths: readonly [min: number, max: number];
}

export interface ShortCode {
  /** Digits ("171"), or digits with a trailing "*" for all that begin with them ("50*"). */
  readonly pattern: string;
  readonly name: string;
}

/**
 * The plan of a network without one: every number is international, with or without "+" or "00". No number of its
 * "country" fits, because E.164 begins with no zero. 112 and 911 are emergency numbers in every mobile network (TS 22.101).
 */
export const INTERNATIONAL_PLAN: DialPlan = {
  countryCode: '0', nationalPrefix: '', internationalPrefixes: ['00'], emergencyNumbers: ['112', '911'], freephonePrefixes: [],
  shortCodes: [], nationalNumberLengths: [1, 0],
};
