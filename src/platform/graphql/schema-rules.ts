import {
  GraphQLNamedType, GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, isSpecifiedScalarType,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';

/** A schema that breaks a rule of the house; the message lists every place. */
export class SchemaRuleBroken extends Error {}

/**
 * Authorization is denied by default: every query, mutation and subscription must name the roles it admits.
 * @throws SchemaRuleBroken naming each root field without `@Authorized([...])`.
 */
export function assertEveryRootFieldDeclaresRoles(schema: GraphQLSchema): void {
  const { queries, mutations, subscriptions } = getMetadataStorage();
  const handlers = [...queries, ...mutations, ...subscriptions];
  const closed = new Set(handlers.filter((field) => field.roles?.length).map((field) => field.schemaName));
  const left = new Set(handlers.filter((field) => !field.roles?.length).map((field) => field.schemaName));
  const open = rootFields(schema).filter((name) => left.has(name) || !closed.has(name));
  if (open.length > 0) throw new SchemaRuleBroken(`Root fields without roles: ${open.join(', ')}.`);
}

function rootFields(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.flatMap((root) => Object.keys(root?.getFields() ?? {}));
}

/**
 * Every type, field, argument, input field and enum value explains itself.
 * @throws SchemaRuleBroken naming each element without a description.
 */
export function assertEveryElementDescribed(schema: GraphQLSchema): void {
  const roots = new Set<GraphQLNamedType | null | undefined>([
    schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType(),
  ]);
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
  const bare = types.flatMap((type) => [...(type.description || roots.has(type) ? [] : [type.name]), ...bareMembers(type)]);
  if (bare.length > 0) throw new SchemaRuleBroken(`Schema elements without a description: ${bare.join(', ')}.`);
}

function bareMembers(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return undescribed(type.name, type.getValues());
  if (isInputObjectType(type)) return undescribed(type.name, Object.values(type.getFields()));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields());
  return [...undescribed(type.name, fields), ...fields.flatMap((field) => undescribed(`${type.name}.${field.name}`, field.args))];
}

const undescribed = (owner: string, members: readonly { readonly name: string; readonly description?: string | null }[]): string[] =>
  members.filter((member) => !member.description).map((member) => `${owner}.${member.name}`);
