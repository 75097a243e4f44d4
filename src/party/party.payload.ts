import { Field, ObjectType } from 'type-graphql';
import { Payload } from '../tenant';
import { BillingAccount } from './billing-account.type';
import { Customer } from './customer.type';
import { AssignedIdentifier } from './identifier.type';
import { Individual, Organization } from './party.type';
import { SharingGroup } from './sharing-group.type';

@ObjectType('IndividualCreatePayload', { description: 'Outcome of individualCreate.' })
export class IndividualCreatePayload extends Payload {
  @Field(() => Individual, { nullable: true, description: 'The person as recorded; null where refused.' })
  readonly individual!: Individual | null;
}

@ObjectType('OrganizationCreatePayload', { description: 'Outcome of organizationCreate.' })
export class OrganizationCreatePayload extends Payload {
  @Field(() => Organization, { nullable: true, description: 'The organization as recorded; null where refused.' })
  readonly organization!: Organization | null;
}

@ObjectType('CustomerCreatePayload', { description: 'Outcome of customerCreate.' })
export class CustomerCreatePayload extends Payload {
  @Field(() => Customer, { nullable: true, description: 'The new customer; null where refused.' })
  readonly customer!: Customer | null;
}

@ObjectType('BillingAccountCreatePayload', { description: 'Outcome of billingAccountCreate.' })
export class BillingAccountCreatePayload extends Payload {
  @Field(() => BillingAccount, { nullable: true, description: 'The new account; null where refused.' })
  readonly billingAccount!: BillingAccount | null;
}

@ObjectType('BillingAccountUpdatePayload', { description: 'Outcome of billingAccountUpdate.' })
export class BillingAccountUpdatePayload extends Payload {
  @Field(() => BillingAccount, { nullable: true, description: 'The account as changed; null where refused.' })
  readonly billingAccount!: BillingAccount | null;
}

@ObjectType('BillingAccountStepPayload', { description: 'Outcome of a step of a billing account\'s life.' })
export class BillingAccountStepPayload extends Payload {
  @Field(() => BillingAccount, { nullable: true, description: 'The account in its new state; null where refused.' })
  readonly billingAccount!: BillingAccount | null;
}

@ObjectType('SharingGroupCreatePayload', { description: 'Outcome of sharingGroupCreate.' })
export class SharingGroupCreatePayload extends Payload {
  @Field(() => SharingGroup, { nullable: true, description: 'The new group; null where refused.' })
  readonly sharingGroup!: SharingGroup | null;
}

@ObjectType('IdentifierAssignPayload', { description: 'Outcome of identifierAssign.' })
export class IdentifierAssignPayload extends Payload {
  @Field(() => AssignedIdentifier, { nullable: true, description: 'The identifier as assigned; null where refused.' })
  readonly identifier!: AssignedIdentifier | null;
}

@ObjectType('IdentifierReleasePayload', { description: 'Outcome of identifierRelease.' })
export class IdentifierReleasePayload extends Payload {
  @Field(() => AssignedIdentifier, { nullable: true, description: 'The identifier with its end; null where refused.' })
  readonly identifier!: AssignedIdentifier | null;
}
