/** A bill with what is still to be paid of it; oldest first by number. */
export interface OpenBill {
  readonly sequence: number;
  readonly remaining: bigint;
}

/** Money that no bill was paid with yet; oldest first by its place. */
export interface FreeCredit {
  readonly position: bigint;
  readonly left: bigint;
}

export interface Allocation {
  readonly paymentPosition: bigint;
  readonly sequence: number;
  readonly amount: bigint;
}

/** Pays bills with credits, both oldest first, until one of them is used up (money-rules 6.8). */
export function allocate(credits: readonly FreeCredit[], bills: readonly OpenBill[]): Allocation[] {
  const found: Allocation[] = [];
  let [at, paid] = [0, 0n];
  for (const credit of credits) {
    let { left } = credit;
    while (left > 0n && at < bills.length) {
      const bill = bills[at]!;
      const open = bill.remaining - paid;
      const amount = left < open ? left : open;
      if (amount > 0n) found.push({ paymentPosition: credit.position, sequence: bill.sequence, amount });
      left -= amount;
      paid += amount;
      if (paid === bill.remaining) [at, paid] = [at + 1, 0n];
    }
  }
  return found;
}
