import { createHash } from 'node:crypto';

/**
 * Texts that were seen, in eight bytes each: what a run of millions of rows must remember in little memory. Two texts in
 * ten million are taken for one by chance with a probability of 3 in a million; that row is then refused, never lost.
 */
export class SeenKeys {
  private low = new Uint32Array(1 << 12);
  private high = new Uint32Array(1 << 12);
  private count = 0;

  /** False where the text was added before. */
  add(text: string): boolean {
    if (this.count * 2 >= this.low.length) this.grow();
    return this.place(hashOf(text));
  }

  has(text: string): boolean {
    return this.isAt(this.slotOf(hashOf(text)));
  }

  private place(hash: Hash): boolean {
    const slot = this.slotOf(hash);
    if (this.isAt(slot)) return false;
    [this.low[slot], this.high[slot]] = hash;
    this.count += 1;
    return true;
  }

  private isAt(slot: number): boolean {
    return this.low[slot] !== 0;
  }

  /** Where the hash is, or would be. */
  private slotOf([low, high]: Hash): number {
    const mask = this.low.length - 1;
    let slot = low & mask;
    while (this.isAt(slot) && (this.low[slot] !== low || this.high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { low, high } = this;
    this.low = new Uint32Array(low.length * 2);
    this.high = new Uint32Array(low.length * 2);
    this.count = 0;
    for (let slot = 0; slot < low.length; slot += 1) if (low[slot] !== 0) this.place([low[slot]!, high[slot]!]);
  }
}

type Hash = readonly [number, number];

/** A low half of zero marks a free slot. */
function hashOf(text: string): Hash {
  const digest = createHash('sha256').update(text).digest();
  return [digest.readUInt32LE(0) || 1, digest.readUInt32LE(4)];
}
