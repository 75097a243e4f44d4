/** Something wrong with a price version: where ("definition.rates[0].steps[1].from") and what. */
export interface PriceProblem {
  readonly path: string;
  readonly message: string;
}

/** A price version that cannot be compiled; it should have been refused when it was launched. */
export class MalformedPrice extends Error {
  constructor(versionId: string, readonly problem: PriceProblem) {
    super(`Price version ${versionId}: ${problem.path} ${problem.message}`);
    this.name = 'MalformedPrice';
  }
}
