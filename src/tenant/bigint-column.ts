import type { ValueTransformer } from 'typeorm';

/** `bigint` columns arrive as text and are whole numbers of 64 bits: kept as bigint, never as a binary float. */
export const bigintColumn: ValueTransformer = {
  to: (value: bigint | null | undefined) => value?.toString() ?? value,
  from: (value: string | null) => (value === null ? null : BigInt(value)),
};
