/** S-NSSAI (TS 23.501): what a slice is known by. `sst` 0 to 255; `sd` six upper-case hex digits, null = none, which is not "000000". */
export interface Snssai {
  readonly sst: number;
  readonly sd: string | null;
}

const SD = /^(?:0[xX])?([0-9A-Fa-f]{6})$/;
/** TS 29.571: no slice differentiator is meant. */
const NO_SD = 'FFFFFF';
const TEXT = /^(\d{1,3})(?:-(.+))?$/;

/** Ends the sentence "Must be". */
export const SNSSAI_FORM = 'an S-NSSAI: a slice/service type from 0 to 255, alone or with a slice differentiator of six hex digits, such as "1" or "1-00AB3F"';

/** As it is stored, whichever way it was spelled; null where it is none. */
export function normaliseSnssai(sst: number, sd: string | null | undefined): Snssai | null {
  if (!Number.isInteger(sst) || sst < 0 || sst > 255) return null;
  if (sd === null || sd === undefined || sd === '') return { sst, sd: null };
  const digits = SD.exec(sd)?.[1]?.toUpperCase();
  if (digits === undefined) return null;
  return { sst, sd: digits === NO_SD ? null : digits };
}

/** "1-00AB3F", or "1" without a slice differentiator. */
export const snssaiText = ({ sst, sd }: Snssai): string => (sd === null ? `${sst}` : `${sst}-${sd}`);

/** Reads "1-00ab3f", "1-0x00AB3F" or "1"; null where the text is none. */
export function readSnssai(text: string): Snssai | null {
  const [, sst, sd] = TEXT.exec(text) ?? [];
  return sst === undefined ? null : normaliseSnssai(parseInt(sst, 10), sd);
}
