import { GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, NonEmptyArray } from 'type-graphql';
import { authChecker } from './auth-checker';
import { DateTimeScalar } from './scalars';
import { assertEveryElementDescribed, assertEveryRootFieldDeclaresRoles } from './schema-rules';

type ResolverClass = abstract new (...args: never[]) => object;

/** type-graphql asks for a topic bus before it wires any subscription; ours all bring their own `subscribe`. */
const noTopics = {
  publish(): void {
    throw new Error('Subscriptions name their own source with `subscribe`; the topic bus of type-graphql is not used.');
  },
  subscribe(): AsyncIterable<unknown> {
    throw new Error('Subscriptions name their own source with `subscribe`; the topic bus of type-graphql is not used.');
  },
};

/**
 * Builds a schema under the rules of the house. No global middleware, because one wraps every field; authorization is on
 * the root fields. `orphanedTypes` lists types reached only through an interface.
 * @throws SchemaRuleBroken where a root field names no role or an element has no description.
 */
export function buildHouseSchema(resolvers: readonly ResolverClass[], orphanedTypes: readonly ResolverClass[] = []): GraphQLSchema {
  const schema = buildSchemaSync({
    // type-graphql types its lists as mutable, non-empty and of any Function; ours are checked by the root field rule below.
    resolvers: [...resolvers] as unknown as NonEmptyArray<Function>,
    orphanedTypes: [...orphanedTypes] as unknown as Function[],
    authChecker,
    validate: false,
    pubSub: noTopics,
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
  });
  assertEveryRootFieldDeclaresRoles(schema);
  assertEveryElementDescribed(schema);
  return schema;
}

/** The schema's language, sorted, as committed in schema/schema.graphql. */
export const printHouseSchema = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
