import { Field, ObjectType } from 'type-graphql';
import { Payload } from '../tenant';
import { Agreement } from './agreement.type';

@ObjectType('AgreementProposePayload', { description: 'Outcome of agreementPropose.' })
export class AgreementProposePayload extends Payload {
  @Field(() => Agreement, { nullable: true, description: 'The agreement with its new version; null where refused.' })
  readonly agreement!: Agreement | null;
}

@ObjectType('AgreementApprovePayload', { description: 'Outcome of agreementApprove.' })
export class AgreementApprovePayload extends Payload {
  @Field(() => Agreement, { nullable: true, description: 'The agreement as changed; null where refused.' })
  readonly agreement!: Agreement | null;
}

@ObjectType('AgreementRejectPayload', { description: 'Outcome of agreementReject.' })
export class AgreementRejectPayload extends Payload {
  @Field(() => Agreement, { nullable: true, description: 'The agreement as changed; null where refused.' })
  readonly agreement!: Agreement | null;
}

@ObjectType('AgreementTerminatePayload', { description: 'Outcome of agreementTerminate.' })
export class AgreementTerminatePayload extends Payload {
  @Field(() => Agreement, { nullable: true, description: 'The agreement as changed; null where refused.' })
  readonly agreement!: Agreement | null;
}
