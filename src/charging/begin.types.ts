import type { IdentifierKind } from '../usage/usage.types';

/** What an ordered slice begins with: its end, and the devices that are in it from its first instant. */
export interface SliceBeginning {
  readonly snssai: string;
  readonly payer: 'TENANT' | 'DEVICE';
  /** Epoch ms; null = without an end. */
  readonly endsAt: number | null;
  readonly devices: readonly { readonly kind: IdentifierKind; readonly value: string }[];
}
export interface BeginInput {
  readonly productId: bigint;
  /** Of a slice alone. */
  readonly slice?: SliceBeginning;
}
