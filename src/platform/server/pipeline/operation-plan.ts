import {
  FieldNode, FragmentDefinitionNode, getNamedType, GraphQLField, GraphQLNamedType, GraphQLSchema, isCompositeType, isInterfaceType,
  isObjectType, Kind, OperationDefinitionNode, OperationTypeNode, SelectionSetNode, ValueNode, valueFromAST, GraphQLInt,
} from 'graphql';
import { isMoneyMove } from '../../graphql/money-move';
import { DEFAULT_PAGE } from '../../graphql/page-args';
import { requestError } from '../../graphql/request-error';
import { isIntrospectionField } from './document-size';
import { LIMITS } from './limits';

/** A `first` argument: written in the document, or to be read from a variable. */
type First = { readonly fixed: number } | { readonly variable: string; readonly fallback: number };

/** A connection in the operation and the connections below it. */
interface ConnectionPlan {
  readonly first: First;
  readonly inner: readonly ConnectionPlan[];
}

/** What must be known of a valid operation to admit it; made once per document. */
export interface OperationPlan {
  readonly type: OperationTypeNode;
  readonly introspects: boolean;
  readonly rootFields: number;
  readonly moneyMoves: number;
  readonly connections: readonly ConnectionPlan[];
}

export type Variables = Readonly<Record<string, unknown>> | null | undefined;
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Plans a valid operation against the schema. */
export function planOperation(schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments): OperationPlan {
  const root = schema.getRootType(operation.operation);
  if (!root) throw requestError('GRAPHQL_VALIDATION_FAILED', 'The schema has no such kind of operation.');
  const fields = fieldsOf(schema, operation.selectionSet, root, fragments);
  return {
    type: operation.operation,
    introspects: rootSelections(operation.selectionSet, fragments).some(isIntrospectionField),
    rootFields: fields.length,
    moneyMoves: fields.filter(({ definition }) => isMoneyMove(definition)).length,
    connections: connectionsOf(schema, fields, operation, fragments),
  };
}

interface PlacedField {
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
}

function rootSelections(set: SelectionSetNode, fragments: Fragments): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return inner ? rootSelections(inner.selectionSet, fragments) : [];
  });
}

/** The fields of a selection with their definitions, fragments written out; meta fields have none and are left out. */
function fieldsOf(schema: GraphQLSchema, set: SelectionSetNode, parent: GraphQLNamedType, fragments: Fragments): PlacedField[] {
  return set.selections.flatMap((selection): PlacedField[] => {
    if (selection.kind === Kind.FIELD) {
      const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[selection.name.value] : undefined;
      return definition ? [{ node: selection, definition }] : [];
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!inner) return [];
    const type = inner.typeCondition ? schema.getType(inner.typeCondition.name.value) : parent;
    return type ? fieldsOf(schema, inner.selectionSet, type, fragments) : [];
  });
}

function connectionsOf(
  schema: GraphQLSchema, fields: readonly PlacedField[], operation: OperationDefinitionNode, fragments: Fragments,
): ConnectionPlan[] {
  return fields.flatMap(({ node, definition }): ConnectionPlan[] => {
    const type = getNamedType(definition.type);
    const below = node.selectionSet && isCompositeType(type) ? fieldsOf(schema, node.selectionSet, type, fragments) : [];
    const inner = connectionsOf(schema, below, operation, fragments);
    const first = firstOf(node, definition, operation);
    return first ? [{ first, inner }] : inner;
  });
}

function firstOf(node: FieldNode, definition: GraphQLField<unknown, unknown>, operation: OperationDefinitionNode): First | null {
  const argument = definition.args.find((arg) => arg.name === 'first');
  if (!argument) return null;
  const standard = typeof argument.defaultValue === 'number' ? argument.defaultValue : DEFAULT_PAGE;
  const given = node.arguments?.find((arg) => arg.name.value === 'first')?.value;
  if (given?.kind !== Kind.VARIABLE) return { fixed: readInt(given) ?? standard };
  const variable = given.name.value;
  const declared = operation.variableDefinitions?.find((candidate) => candidate.variable.name.value === variable);
  return { variable, fallback: readInt(declared?.defaultValue) ?? standard };
}

function readInt(node: ValueNode | undefined): number | null {
  const value: unknown = node ? valueFromAST(node, GraphQLInt) : undefined;
  return typeof value === 'number' ? value : null;
}

/**
 * How many objects the operation's connections may give with these variables.
 * @throws RequestError BAD_USER_INPUT where a `first` is outside 1 to 100.
 */
export function estimateNodes(connections: readonly ConnectionPlan[], variables: Variables): number {
  let nodes = 0;
  for (const { first, inner } of connections) {
    const size = 'fixed' in first ? first.fixed : sizeFrom(variables?.[first.variable], first.fallback);
    if (size < LIMITS.firstLeast || size > LIMITS.firstMost) {
      throw requestError('BAD_USER_INPUT', `\`first\` must be ${LIMITS.firstLeast} to ${LIMITS.firstMost}.`);
    }
    nodes += size + size * estimateNodes(inner, variables);
  }
  return nodes;
}

/** A value that is no number is left to the coercion of variables, which refuses it. */
const sizeFrom = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);
