/** What was started, stopped in the opposite order; each step is tried even where an earlier one failed. */
export class StopStack {
  private readonly steps: (() => Promise<void>)[] = [];

  /** Adds how to stop what was started just now. */
  push(stop: () => Promise<void>): void {
    this.steps.push(stop);
  }

  /** Stops everything; rejects with the first failure after all steps were tried. A second call finds nothing to do. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
