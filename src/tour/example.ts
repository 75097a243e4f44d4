import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefinitionNode, FragmentDefinitionNode, Kind, OperationDefinitionNode, parse, visit } from 'graphql';
import { projectRoot } from '../platform/config';

/** One operation of a file of examples/, as a person would paste it. */
export interface ExampleOperation {
  /** File without its folder and ending, such as `02-tax-rates`. */
  readonly file: string;
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Whose token it needs: the word behind `# token:` above it. */
  readonly identity: string;
  readonly text: string;
  /** Names of its variables: each stands for what an earlier answer told. */
  readonly variables: readonly string[];
}

export const EXAMPLES_FOLDER = join(projectRoot(), 'examples');
const ENDING = '.graphql';

/** The files of examples/, in the order of the story. */
export const exampleFiles = (): readonly string[] =>
  readdirSync(EXAMPLES_FOLDER).filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length)).sort();

/** The operations of a file in their order, each with the fragments that it uses. */
export function readExample(file: string): readonly ExampleOperation[] {
  const source = readFileSync(join(EXAMPLES_FOLDER, `${file}${ENDING}`), 'utf8');
  const { definitions } = parse(source);
  const textOf = ({ loc }: DefinitionNode): string => source.slice(loc?.start, loc?.end);
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION).map((node) => {
    const above = source.slice(0, node.loc?.start);
    const identity = /# token: ([\w-]+)\n$/.exec(above)?.[1];
    if (node.name === undefined || identity === undefined) throw new Error(`${file}${ENDING}: an operation has no name, or no "# token:" above it.`);
    return {
      file, name: node.name.value, kind: node.operation, identity,
      text: [node, ...used(node, fragments)].map(textOf).join('\n\n'),
      variables: (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
    };
  });
}

function used(operation: OperationDefinitionNode, fragments: readonly FragmentDefinitionNode[]): FragmentDefinitionNode[] {
  const names = new Set<string>();
  visit(operation, { FragmentSpread: ({ name }) => { names.add(name.value); } });
  return fragments.filter(({ name }) => names.has(name.value));
}
