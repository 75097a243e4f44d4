import {
  getNamedType, GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, isCompositeType, isInterfaceType, isLeafType, isNonNullType,
  isObjectType,
} from 'graphql';

type Composite = GraphQLObjectType | GraphQLInterfaceType;
type Fields = readonly GraphQLField<unknown, unknown>[];

/** One step from an object to another, as text of the document: its opening and closing. */
interface Step {
  readonly open: string;
  readonly close: string;
  readonly type: Composite;
}

const fieldsOf = (type: Composite): Fields => Object.values(type.getFields());
const needsNothing = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.every(({ type, defaultValue }) => !isNonNullType(type) || defaultValue !== undefined);
const leaves = (type: Composite): string =>
  ['__typename', ...fieldsOf(type).filter((field) => isLeafType(getNamedType(field.type))).map(({ name }) => name)].join(' ');

/** Where a field leads; a connection is stepped through, its page of 4, as is every list that takes `first`. */
function stepsOf(field: GraphQLField<unknown, unknown>): Step[] {
  const type = getNamedType(field.type);
  if (!isCompositeType(type) || !(isObjectType(type) || isInterfaceType(type))) return [];
  const page = field.args.some(({ name }) => name === 'first') ? '(first: 4)' : '';
  if (!type.name.endsWith('Connection')) return [{ open: `${field.name}${page} {`, close: '}', type }];
  const node = getNamedType(fieldsOf(type).find(({ name }) => name === 'nodes')!.type);
  return isObjectType(node) ? [{ open: `${field.name}${page} { nodes {`, close: '} }', type: node }] : [];
}

/** Every way from an object of that type to others, as the text of its selection set. */
const waysFrom = (type: Composite): Step[] => fieldsOf(type).filter(needsNothing).flatMap(stepsOf);

/**
 * Selections that together walk every path of at most `hops` objects from a type, coming by no type more than twice. Each
 * one asks, at the end of one path, for all leaves and for the leaves of everything one step further.
 */
export function pathsFrom(schema: GraphQLSchema, typeName: string, hops: number): string[] {
  const start = schema.getType(typeName);
  if (!isObjectType(start)) throw new Error(`${typeName} is no object type.`);
  const found: string[] = [];
  const walk = (type: Composite, before: string, after: string, seen: readonly string[]): void => {
    const ways = waysFrom(type);
    if (ways.length === 0) return;
    found.push(`${before} ${leaves(type)} ${ways.map((way) => `${way.open} ${leaves(way.type)} ${way.close}`).join(' ')} ${after}`);
    if (seen.length >= hops) return;
    for (const way of ways) {
      const times = seen.filter((name) => name === way.type.name).length;
      if (times < 2) walk(way.type, `${before} ${way.open}`, `${way.close} ${after}`, [...seen, way.type.name]);
    }
  };
  walk(start, '', '', [typeName]);
  return found;
}

/** The texts inside of all opaque ids and cursors of an answer, so that a key inside one is seen. */
export function insides(text: string): string {
  const opaque = text.match(/"[A-Za-z0-9_-]{8,}"/g) ?? [];
  return opaque.map((quoted) => Buffer.from(quoted.slice(1, -1), 'base64url').toString()).filter((inside) => /^~?[A-Za-z]+:/.test(inside)).join('\n');
}
