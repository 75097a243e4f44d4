/**
 * A deliberately simple picture of two prepaid accounts: plain numbers of millionths, no ledger, no buckets by row. What
 * the product answers and holds must be what this says.
 */
const DAY = 86_400_000;
const [LIFE, GRACE] = [60 * DAY, 30 * DAY];
const [LOWEST_CLASS, MOST_A_MOVE, MOST_A_DAY] = [5_000_000n, 50_000_000n, 100_000_000n];
export const GROSS_PER_SECOND = 12_000n;

interface Purse {
  /** What it holds, and until when it may be spent; null = without end. */
  value: bigint;
  until: number | null;
  readonly isPaid: boolean;
}
export interface ModelCharge {
  readonly account: ModelAccount;
  readonly takes: { readonly purse: Purse; readonly taken: bigint; returned: bigint }[];
  refunds: number;
}

export class ModelAccount {
  readonly paid: Purse = { value: 0n, until: null, isPaid: true };
  private readonly given: Purse[] = [];
  private readonly sent: { readonly at: number; readonly value: bigint }[] = [];

  constructor(private readonly clock: { now: number }) {}

  spendable(): bigint {
    this.settle();
    return this.inTurn().reduce((sum, { value }) => (value > 0n ? sum + value : sum), 0n);
  }

  topUp(value: bigint): void {
    this.settle();
    const { paid, clock: { now } } = this;
    const isRunning = paid.until !== null && paid.until > now;
    if (!isRunning || value >= LOWEST_CLASS) paid.until = now + LIFE;
    paid.value += value;
  }

  give(value: bigint, until: number | null): void {
    this.given.push({ value, until, isPaid: false });
  }

  /** Null where it is refused. */
  charge(gross: bigint, delivered: boolean): ModelCharge | null {
    this.settle();
    const takes: ModelCharge['takes'] = [];
    let left = gross;
    for (const purse of this.inTurn()) {
      const taken = purse.value < left ? purse.value : left;
      if (taken > 0n) takes.push({ purse, taken, returned: 0n });
      left -= taken > 0n ? taken : 0n;
    }
    if (left > 0n && !delivered) return null;
    if (left > 0n) {
      const own = takes.findIndex(({ purse }) => purse.isPaid);
      const before = own < 0 ? 0n : takes.splice(own, 1)[0]!.taken;
      takes.push({ purse: this.paid, taken: before + left, returned: 0n });
    }
    for (const { purse, taken } of takes) purse.value -= taken;
    return { account: this, takes, refunds: 0 };
  }

  adjust(value: bigint): string | null {
    this.settle();
    if (this.isOver()) return 'BUCKET_EXPIRED';
    if (value < 0n && (this.paid.value > 0n ? this.paid.value : 0n) < -value) return 'INSUFFICIENT_BALANCE';
    this.paid.value += value;
    return null;
  }

  send(to: ModelAccount, value: bigint): string | null {
    this.settle();
    to.settle();
    const today = this.sent.filter(({ at }) => at > this.clock.now - DAY).reduce((sum, one) => sum + one.value, 0n);
    if (value > MOST_A_MOVE || today + value > MOST_A_DAY) return 'LIMIT_EXCEEDED';
    if (!this.lives(this.paid) || this.paid.value < value) return 'INSUFFICIENT_BALANCE';
    if (to.isOver()) return 'NOT_FOUND';
    this.sent.push({ at: this.clock.now, value });
    this.paid.value -= value;
    to.paid.value += value;
    return null;
  }

  private inTurn(): Purse[] {
    const end = ({ until }: Purse): number => until ?? Number.POSITIVE_INFINITY;
    return [...this.given.sort((a, b) => (end(a) === end(b) ? 0 : end(a) - end(b))), this.paid].filter((purse) => this.lives(purse));
  }

  private lives({ until }: Purse): boolean {
    return until === null || this.clock.now < until;
  }

  private isOver(): boolean {
    return this.paid.until !== null && this.paid.until + GRACE <= this.clock.now;
  }

  private settle(): void {
    if (this.isOver() && this.paid.value > 0n) this.paid.value = 0n;
    for (const purse of this.given) if (!this.lives(purse)) purse.value = 0n;
  }
}

/** Gives a charge back: all of it (null) once, or parts that never pass it. */
export function refund(charge: ModelCharge, part: bigint | null): string | null {
  const left = charge.takes.reduce((sum, { taken, returned }) => sum + taken - returned, 0n);
  if (charge.refunds > 0 && (part === null || part > left)) return 'CONFLICT';
  if (part !== null && part > left) return 'INVALID_INPUT';
  charge.refunds += 1;
  charge.account.spendable();
  let rest = part ?? left;
  for (const take of [...charge.takes].reverse()) {
    const back = rest < take.taken - take.returned ? rest : take.taken - take.returned;
    take.returned += back;
    take.purse.value += back;
    rest -= back;
  }
  return null;
}
