import { Field, ObjectType } from 'type-graphql';
import { IdentifierKindEnum } from '../party';
import type { IdentifierKind } from '../usage/usage.types';

@ObjectType('OrderedIdentifier', { simpleResolvers: true, description: 'A number or other key by which the usage of a product is known.' })
export class OrderedIdentifier {
  @Field(() => IdentifierKindEnum, { description: 'What kind of key.' })
  readonly kind!: IdentifierKind;

  @Field(() => String, { description: 'The key, in the spelling of its kind.' })
  readonly value!: string;
}
