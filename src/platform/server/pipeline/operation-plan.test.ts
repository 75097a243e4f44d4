import { buildSchema, FragmentDefinitionNode, Kind, OperationDefinitionNode, parse } from 'graphql';
import { estimateNodes, OperationPlan, planOperation } from './operation-plan';

const schema = buildSchema(`
  interface UserError { message: String }
  type PageInfo { endCursor: String }
  type Bucket { id: ID account: Account tags: [String] }
  type Charge { id: ID account: Account }
  type ChargeEdge { node: Charge }
  type ChargeConnection { nodes: [Charge!]! edges: [ChargeEdge!]! pageInfo: PageInfo }
  type Account { id: ID buckets: [Bucket!]! charges(first: Int! = 20): ChargeConnection }
  type Query { accounts(first: Int! = 20): [Account!]! account: Account }
  type Payload { results: [Charge!]! errors: [UserError!]! }
  type Mutation { charge: Payload }
`);

function planOf(source: string): OperationPlan {
  const { definitions } = parse(source);
  const fragments = definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION);
  return planOperation(schema, definitions[0] as OperationDefinitionNode, new Map(fragments.map((one) => [one.name.value, one])));
}

test.each([
  ['no list, no object', '{ account { id } }', 0],
  ['a list without `first` is taken for five long', '{ account { buckets { id } } }', 5],
  ['lists of words are no objects', '{ account { buckets { tags } } }', 5],
  ['the errors of a payload are few', 'mutation { charge { errors { message } } }', 0],
  ['the results of a payload count as any list', 'mutation { charge { results { id } } }', 5],
  ['a list by `first` is as long as that', '{ accounts(first: 3) { id } }', 3],
  ['lists below a list multiply', '{ accounts(first: 3) { buckets { id } } }', 3 + 15],
  ['nodes and edges are the page that `first` counted', '{ account { charges { nodes { id } edges { node { id } } } } }', 20],
  ['a list of what a list above holds', '{ account { buckets { account { buckets { id } } } } }', 5 + 5 * 50],
  ['the same through edges', '{ account { charges(first: 2) { edges { node { account { buckets { account { buckets { id } } } } } } } } }', 2 + 10 + 500],
  ['the same through fragments', '{ account { ...all } } fragment all on Account { ... on Account { buckets { account { buckets { id } } } } }', 255],
  ['a turn too many', '{ account { buckets { account { buckets { account { buckets { id } } } } } } }', 5 + 250 + 12_500],
])('%s', (_what, source, nodes) => {
  expect(estimateNodes(planOf(source).lists, null)).toBe(nodes);
});

test.each([[7, 7], [1.5, 20], ['7', 20], [undefined, 20], [null, 20]])('a variable of %p counts as %p', (n, nodes) => {
  expect(estimateNodes(planOf('query($n: Int! = 20) { accounts(first: $n) { id } }').lists, { n })).toBe(nodes);
});
