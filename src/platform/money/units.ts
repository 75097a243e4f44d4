/**
 * Amounts and quantities are integers in a named asset. Money is kept at six decimals of its currency ("EUR/6");
 * units are whole bytes, seconds and events. A brand keeps the two apart, and both apart from a bare bigint.
 */
declare const amountBrand: unique symbol;
declare const quantityBrand: unique symbol;

/** Money in millionths of the currency unit, signed. */
export type Amount = bigint & { readonly [amountBrand]: true };

/** A count of units (bytes, seconds, events), signed. */
export type Quantity = bigint & { readonly [quantityBrand]: true };

/** The units usage is measured in. */
export type Unit = 'BYTE' | 'SECOND' | 'EVENT';

/** A scaled asset: a currency at six decimals, or a unit. One ledger holds both. */
export type Asset = string;

export const UNITS: readonly Unit[] = ['BYTE', 'SECOND', 'EVENT'];

/** Decimals of every money asset inside the product. */
export const MONEY_SCALE = 6;

export const amount = (value: bigint): Amount => value as Amount;
export const quantity = (value: bigint): Quantity => value as Quantity;
export const ZERO_AMOUNT = amount(0n);
export const ZERO_QUANTITY = quantity(0n);

export const addAmount = (a: Amount, b: Amount): Amount => amount(a + b);
export const subAmount = (a: Amount, b: Amount): Amount => amount(a - b);
export const addQuantity = (a: Quantity, b: Quantity): Quantity => quantity(a + b);
export const subQuantity = (a: Quantity, b: Quantity): Quantity => quantity(a - b);

/** The asset that holds money of a currency: "EUR" becomes "EUR/6". */
export const moneyAsset = (currency: string): Asset => `${currency}/${MONEY_SCALE}`;

/** The currency of a money asset, or null for a unit asset. */
export const currencyOf = (asset: Asset): string | null => {
  const cut = asset.indexOf('/');
  return cut < 0 ? null : asset.slice(0, cut);
};

export const isUnit = (asset: Asset): asset is Unit => asset === 'BYTE' || asset === 'SECOND' || asset === 'EVENT';

export const minBigint = <T extends bigint>(a: T, b: T): T => (a < b ? a : b);
export const maxBigint = <T extends bigint>(a: T, b: T): T => (a > b ? a : b);
