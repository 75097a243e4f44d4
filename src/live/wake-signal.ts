/** One reader's bell: ringing it many times before the reader looks is one ring. It holds no values, so nothing can pile up. */
export class WakeSignal {
  private rung = false;
  private over = false;
  private waiter: ((goesOn: boolean) => void) | null = null;

  get ended(): boolean {
    return this.over;
  }

  ring(): void {
    if (this.over) return;
    this.rung = true;
    this.settle(true);
  }

  /** Ends the reader's wait for good. */
  end(): void {
    this.over = true;
    this.settle(false);
  }

  /** Forgets the ring: call it before reading, so that a ring during the reading is kept. */
  clear(): void {
    this.rung = false;
  }

  /** True at the next ring (at once where it rang since `clear`), false at the end. */
  wait(): Promise<boolean> {
    if (this.over) return Promise.resolve(false);
    if (this.rung) return Promise.resolve(true);
    return new Promise((resolve) => { this.waiter = resolve; });
  }

  private settle(goesOn: boolean): void {
    const waiter = this.waiter;
    this.waiter = null;
    waiter?.(goesOn);
  }
}
