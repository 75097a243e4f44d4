import { Amount, amount } from '../../platform/money';
import { SentUsage, StoredCounts, StoredMoney } from './import.types';

interface Sum {
  net: Amount;
  tax: Amount;
}

type Reasons = Map<string, number>;

/** Counts what became of the rows of one import: each row once, money by currency. */
export class Tally {
  private charged = 0;
  private compared = 0;
  private duplicates = 0;
  private readonly refused: Reasons;
  private readonly quarantined: Reasons;
  private readonly rejected: Reasons;
  private readonly money: Map<string, { readonly charged: Sum; readonly duplicates: Sum }>;

  /** `from`: the counts of the checkpoint that the run goes on from. */
  constructor(from?: StoredCounts) {
    this.charged = from?.charged ?? 0;
    this.compared = from?.compared ?? 0;
    this.duplicates = from?.duplicates ?? 0;
    [this.refused, this.quarantined, this.rejected] = [from?.refused, from?.quarantined, from?.rejected]
      .map((counts) => new Map(Object.entries(counts ?? {})));
    this.money = new Map(Object.entries(from?.money ?? {})
      .map(([currency, sums]) => [currency, { charged: sumOf(sums.charged), duplicates: sumOf(sums.duplicates) }]));
  }

  /** Counts an answer; a usage that was not stored (INVALID) is for the caller to reject. */
  add(sent: SentUsage): void {
    if (sent.charge) this.addMoney(sent.charge, sent.duplicate);
    const code = sent.error?.code ?? 'UNKNOWN';
    if (sent.duplicate) this.duplicates += 1;
    else if (sent.status === 'CHARGED') this.charged += 1;
    else if (sent.status === 'COMPARED') this.compared += 1;
    else if (sent.status === 'REFUSED') raise(this.refused, code);
    else raise(this.quarantined, code);
  }

  reject(code: string): void {
    raise(this.rejected, code);
  }

  /** The counts as JSON. */
  stored(rejectsBytes: number): StoredCounts {
    return {
      charged: this.charged, compared: this.compared, duplicates: this.duplicates, refused: Object.fromEntries(this.refused),
      quarantined: Object.fromEntries(this.quarantined), rejected: Object.fromEntries(this.rejected),
      money: Object.fromEntries([...this.money].map(([currency, { charged, duplicates }]) =>
        [currency, { charged: textOf(charged), duplicates: textOf(duplicates) }])),
      rejectsBytes,
    };
  }

  private addMoney({ net, tax, currency }: NonNullable<SentUsage['charge']>, isDuplicate: boolean): void {
    const sums = this.money.get(currency) ?? { charged: nothing(), duplicates: nothing() };
    this.money.set(currency, sums);
    const sum = isDuplicate ? sums.duplicates : sums.charged;
    sum.net = amount(sum.net + net);
    sum.tax = amount(sum.tax + tax);
  }
}

const raise = (reasons: Reasons, code: string): void => {
  reasons.set(code, (reasons.get(code) ?? 0) + 1);
};
const nothing = (): Sum => ({ net: amount(0n), tax: amount(0n) });
const sumOf = ({ net, tax }: StoredMoney): Sum => ({ net: amount(BigInt(net)), tax: amount(BigInt(tax)) });
const textOf = ({ net, tax }: Sum): StoredMoney => ({ net: net.toString(), tax: tax.toString() });
