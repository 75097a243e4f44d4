import type { Pool } from 'pg';
import { recordAudit } from '../audit';
import { inTransaction } from '../platform/db';
import { constraintOf } from '../tenant';
import type { MoveError, MoveKey, MoveOutcome } from './charging.api';
import { moveError } from './decide/refusals';

type Refused = { readonly ok: false; readonly errors: readonly MoveError[] };

/** What refuses a second owner of an identifier: its exclusion, and its key where both begin at one instant. */
const IDENTIFIER_CONSTRAINTS: readonly string[] = ['identifier_owner_excl', 'identifier_pk'];
/** The same of a device in a slice. */
const DEVICE_CONSTRAINTS: readonly string[] = ['slice_device_owner_excl', 'slice_device_pk'];

/** Refusals that are found outside a batch: a privileged move leaves its audit row all the same. */
export class OutsideRefusals {
  constructor(private readonly pool: Pool) {}

  async refuse({ audit }: MoveKey, error: MoveError): Promise<Refused> {
    if (audit) {
      const entry = { ...audit, after: { ...audit.after, errorCode: error.code }, result: 'REFUSED' as const };
      await inTransaction(this.pool, (tx) => recordAudit(tx, entry));
    }
    return { ok: false, errors: [error] };
  }

  unfound(key: MoveKey, path: readonly string[]): Promise<Refused> {
    return this.refuse(key, moveError('NOT_FOUND', 'No such object.', path));
  }

  /** Who owns an identifier when is kept by its own table: what meets another owner there is refused, and nothing is written. */
  async withIdentifiers<A>(key: MoveKey, path: readonly string[], work: () => Promise<MoveOutcome<A>>): Promise<MoveOutcome<A>> {
    try {
      return await work();
    } catch (error) {
      if (DEVICE_CONSTRAINTS.includes(constraintOf(error) ?? '')) return this.refuse(key, moveError('ALREADY_EXISTS', 'A device is in another slice of this S-NSSAI at that time.', path));
      if (!IDENTIFIER_CONSTRAINTS.includes(constraintOf(error) ?? '')) throw error;
      return this.refuse(key, moveError('ALREADY_EXISTS', 'An identifier belongs to somebody at that time.', path));
    }
  }
}
