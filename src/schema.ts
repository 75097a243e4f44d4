import type { GraphQLSchema } from 'graphql';
import { buildHouseSchema, NodeResolver, printHouseSchema } from './platform/graphql';

/** Every resolver of the product, listed once. A room adds its classes here. */
const RESOLVERS = [NodeResolver];

/** The API's schema, built once at start. */
export const buildApiSchema = (): GraphQLSchema => buildHouseSchema(RESOLVERS);

/** The API's schema as committed in schema/schema.graphql. */
export const printApiSchema = (): string => printHouseSchema(buildApiSchema());
