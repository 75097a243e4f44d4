import { OfferingTerms } from '../../catalog';
import { identifierKey, SetupLoader, SetupProduct } from '../../guiding';
import { MigrateAnswer, MigratedLine } from '../charging.api';
import { RootState } from '../work/root-state';
import { MoveDecision } from './move';

/** What a migration needs from outside the lock. */
export interface MigrationFacts {
  readonly loader: SetupLoader;
  /** Launched terms of the offering of a PRODUCT, and an id for it. */
  readonly terms: OfferingTerms | null;
  readonly productId: bigint | null;
  /** Id of the price of a COUNTER. */
  readonly priceId: string | null;
}

export function answered(root: RootState, position: bigint, what: Partial<MigrateAnswer>): MoveDecision {
  const answer: MigrateAnswer = {
    rootId: root.rootId.toString(), position: position.toString(), asset: null, amount: '0', booked: '0', productId: null, ...what,
  };
  return { kind: 'DONE', position, answer };
}

/** The product that an identifier of the account belongs to, whose time has no end yet. */
export function lineOf(root: RootState, accountId: bigint, { kind, value }: MigratedLine): SetupProduct | null {
  const held = root.setup.identifiers.get(identifierKey(kind, value))
    ?.find((identifier) => identifier.accountId === accountId && identifier.until === null && identifier.productId !== null);
  return held?.productId ? root.products.get(held.productId) ?? null : null;
}
