import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { RevocationKind } from '../platform/auth';
import { UserError } from '../platform/errors';
import { DateTimeScalar } from '../platform/graphql';

export const RevocationKindEnum: { readonly [K in RevocationKind]: K } = { TOKEN: 'TOKEN', SUBJECT: 'SUBJECT' };

registerEnumType(RevocationKindEnum, {
  name: 'RevocationKind',
  description: 'What a revocation stops.',
  valuesConfig: {
    TOKEN: { description: 'One token, by its `jti`.' },
    SUBJECT: { description: 'Every token of one `sub`, new ones included, until the revocation ends.' },
  },
});

@ObjectType('TokenRevocation', { simpleResolvers: true, description: 'A token or a subject that is not admitted any more.' })
export class TokenRevocation {
  @Field(() => RevocationKindEnum, { description: 'Whether one token or a whole subject is stopped.' })
  kind!: RevocationKind;

  @Field(() => String, { description: 'The `jti` of the token, or the `sub`.' })
  value!: string;

  @Field(() => DateTimeScalar, { description: 'When it ends: every token that existed when it was made is over by then.' })
  until!: Date;
}

@InputType('TokenRevokeInput', { description: 'Names what to stop: exactly one of `tokenId` and `subject`.' })
export class TokenRevokeInput {
  @Field(() => String, { nullable: true, description: 'The `jti` of one token, 1 to 200 visible ASCII characters.' })
  tokenId?: string | null;

  @Field(() => String, { nullable: true, description: 'The `sub` whose tokens are all stopped, 1 to 200 visible ASCII characters.' })
  subject?: string | null;

  @Field(() => String, { description: 'Why, for the audit log: 3 to 500 characters, without names and numbers of people.' })
  reason!: string;
}

@ObjectType('TokenRevokePayload', { simpleResolvers: true, description: 'What became of a revocation.' })
export class TokenRevokePayload {
  @Field(() => TokenRevocation, { nullable: true, description: 'The revocation; null where `errors` says why there is none.' })
  revocation!: TokenRevocation | null;

  @Field(() => [UserError], { description: 'What was wrong; empty where the revocation stands.' })
  errors!: UserError[];
}
