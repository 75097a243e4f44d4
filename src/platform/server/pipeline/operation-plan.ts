import {
  FieldNode, FragmentDefinitionNode, getNamedType, getNullableType, GraphQLField, GraphQLNamedType, GraphQLSchema, isCompositeType,
  isInterfaceType, isListType, isObjectType, Kind, OperationDefinitionNode, OperationTypeNode, SelectionSetNode, ValueNode, valueFromAST, GraphQLInt,
} from 'graphql';
import { isMoneyMove } from '../../graphql/money-move';
import { DEFAULT_PAGE } from '../../graphql/page-args';
import { requestError } from '../../graphql/request-error';
import { isIntrospectionField } from './document-size';
import { LIMITS } from './limits';

/** How long a list is: known beforehand, or a `first` to be read from a variable. */
type Length = { readonly fixed: number } | { readonly variable: string; readonly fallback: number };

/** A list in the operation and the lists below it. */
interface ListPlan {
  readonly length: Length;
  readonly inner: readonly ListPlan[];
}

/** What must be known of a valid operation to admit it; made once per document. */
export interface OperationPlan {
  readonly type: OperationTypeNode;
  readonly introspects: boolean;
  readonly rootFields: number;
  readonly moneyMoves: number;
  readonly lists: readonly ListPlan[];
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
    lists: new ListReader(schema, operation, fragments).listsOf(fields, { isPage: false, listed: [] }),
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

/** Where fields stand: whether directly in a connection, and what the lists above hold. */
interface Place {
  readonly isPage: boolean;
  readonly listed: readonly string[];
}

/** Finds the lists of objects in an operation. */
class ListReader {
  constructor(
    private readonly schema: GraphQLSchema, private readonly operation: OperationDefinitionNode, private readonly fragments: Fragments,
  ) {}

  listsOf(fields: readonly PlacedField[], place: Place): ListPlan[] {
    return fields.flatMap(({ node, definition }): ListPlan[] => {
      const type = getNamedType(definition.type);
      if (!node.selectionSet || !isCompositeType(type)) return [];
      const isList = isListType(getNullableType(definition.type));
      const first = firstOf(node, definition, this.operation);
      const item = type.name.replace(/Edge$/, '');
      const length = first ?? (isList && !place.isPage ? assumedLength(item, place.listed) : null);
      const below = { isPage: first !== null && !isList, listed: isList ? [...place.listed, item] : place.listed };
      const inner = this.listsOf(fieldsOf(this.schema, node.selectionSet, type, this.fragments), below);
      return length ? [{ length, inner }] : inner;
    });
  }
}

/**
 * Lists without `first` are short, but what leads back to its own kind (buckets of the account of a bucket) multiplies at
 * each turn and serves nobody. The errors of a payload are few and hold nothing.
 */
function assumedLength(item: string, listed: readonly string[]): Length | null {
  if (item === 'UserError') return null;
  return { fixed: listed.includes(item) ? LIMITS.repeatedListLength : LIMITS.plainListLength };
}

function firstOf(node: FieldNode, definition: GraphQLField<unknown, unknown>, operation: OperationDefinitionNode): Length | null {
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
 * How many objects the operation's lists may give with these variables.
 * @throws RequestError BAD_USER_INPUT where a `first` is outside 1 to 100.
 */
export function estimateNodes(lists: readonly ListPlan[], variables: Variables): number {
  let nodes = 0;
  for (const { length, inner } of lists) {
    const size = 'fixed' in length ? length.fixed : sizeFrom(variables?.[length.variable], length.fallback);
    if (size < LIMITS.firstLeast || size > LIMITS.firstMost) {
      throw requestError('BAD_USER_INPUT', `\`first\` must be ${LIMITS.firstLeast} to ${LIMITS.firstMost}.`);
    }
    nodes += size + size * estimateNodes(inner, variables);
  }
  return nodes;
}

/** A value that is no whole number is left to the coercion of variables, which refuses it. */
const sizeFrom = (value: unknown, fallback: number): number => (Number.isInteger(value) ? (value as number) : fallback);
