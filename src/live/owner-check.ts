import { requestError } from '../platform/graphql';
import type { Watch } from './live-hub';

/**
 * Ends a subscription whose object is no longer the caller's. Ownership can only change together with the root's set-up
 * version, so the question is asked again only when that moved.
 */
export class OwnerCheck {
  private checkedAt: bigint;

  constructor(private readonly watch: Watch, private readonly isOwner: () => Promise<boolean>) {
    this.checkedAt = watch.setupVersion;
  }

  /**
   * Asks where the set-up moved, and answers whether it did.
   * @throws RequestError NOT_FOUND, the same that an unknown object gets.
   */
  async require(): Promise<boolean> {
    const version = this.watch.setupVersion;
    if (version === this.checkedAt) return false;
    if (!(await this.isOwner())) throw noSuchObject();
    this.checkedAt = version;
    return true;
  }
}

/** What a subscription to a foreign or unknown object ends with. */
export const noSuchObject = (): Error => requestError('NOT_FOUND', 'No such object.');
