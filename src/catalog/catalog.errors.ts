import { Refusal, UserError } from '../platform/errors';

/** A change that was refused for more than one reason at once; each stands with its path. */
export class CatalogRefusal extends Refusal {
  constructor(readonly errors: readonly UserError[]) {
    super(errors[0]);
  }
}

/** Ends the change where anything is wrong. @throws CatalogRefusal */
export function refuseAll(errors: readonly UserError[]): void {
  if (errors.length > 0) throw new CatalogRefusal(errors);
}

/** Everything that a refused change tells its caller. */
export const errorsOf = (refusal: Refusal): UserError[] =>
  (refusal instanceof CatalogRefusal ? [...refusal.errors] : [refusal.userError]);
