import type { DataSource } from 'typeorm';
import type { AccountOpening } from './account-opening';
import { AccountLifeService } from './account-life.service';
import { AccountService } from './account.service';
import { CustomerOpening } from './customer-opening';
import { IdentifierService } from './identifier.service';
import { PartyService } from './party.service';
import { SharingGroupService } from './sharing-group.service';

/** What the party room adds to the process's services. */
export interface PartyServices {
  readonly parties: PartyService;
  readonly accounts: AccountService;
  readonly customerOpening: CustomerOpening;
  readonly accountLife: AccountLifeService;
  readonly sharingGroups: SharingGroupService;
  readonly identifiers: IdentifierService;
}

declare module '../context' {
  interface Services extends PartyServices {
    /** Given by the money rooms. */
    readonly accountOpening: AccountOpening;
  }
}

/** Builds the room's services; one per process. */
export const createPartyServices = (data: DataSource, accountOpening: AccountOpening): PartyServices => ({
  parties: new PartyService(data),
  accounts: new AccountService(data, accountOpening),
  customerOpening: new CustomerOpening(accountOpening),
  accountLife: new AccountLifeService(data),
  sharingGroups: new SharingGroupService(data),
  identifiers: new IdentifierService(data),
});
