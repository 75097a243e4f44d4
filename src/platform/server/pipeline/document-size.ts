import { DocumentNode, FieldNode, FragmentDefinitionNode, Kind, SelectionNode, SelectionSetNode } from 'graphql';
import { requestError } from '../../graphql/request-error';
import { LIMITS } from './limits';

/** How much a selection asks for, with every fragment written out where it is spread. */
interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly selections: number;
  readonly directives: number;
}

const NOTHING: Size = { depth: 0, aliases: 0, selections: 0, directives: 0 };

const beside = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  selections: a.selections + b.selections,
  directives: a.directives + b.directives,
});

/** Fields that lead into introspection, which is admitted or refused as a whole elsewhere. */
export const isIntrospectionField = (field: FieldNode): boolean => field.name.value === '__schema' || field.name.value === '__type';

const isIntrospectionFragment = (fragment: FragmentDefinitionNode): boolean => fragment.typeCondition.name.value.startsWith('__');

/**
 * Counts written-out sizes. Each fragment is measured once, so that fragments nested to double their size at each step
 * cost nothing to refuse; the sums may run far beyond any limit, which is all that is asked of them.
 */
class SizeReader {
  private readonly known = new Map<string, Size>();

  constructor(private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>) {}

  set(set: SelectionSetNode | undefined): Size {
    return (set?.selections ?? []).reduce<Size>((sum, selection) => beside(sum, this.selection(selection)), NOTHING);
  }

  private selection(selection: SelectionNode): Size {
    const inner = this.inside(selection);
    const isField = selection.kind === Kind.FIELD;
    return {
      depth: inner.depth + (isField ? 1 : 0),
      aliases: inner.aliases + (isField && selection.alias ? 1 : 0),
      selections: inner.selections + 1,
      directives: inner.directives + (selection.directives?.length ?? 0),
    };
  }

  private inside(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.fragment(selection.name.value);
    if (selection.kind === Kind.FIELD && isIntrospectionField(selection)) return NOTHING;
    return this.set(selection.selectionSet);
  }

  /** A fragment inside itself counts nothing here: validation refuses the cycle. */
  private fragment(name: string): Size {
    const known = this.known.get(name);
    if (known) return known;
    this.known.set(name, NOTHING);
    const size = this.set(this.fragments.get(name)?.selectionSet);
    this.known.set(name, size);
    return size;
  }
}

/**
 * Refuses a document one of whose definitions is too large. Runs before validation, some of whose rules take time by the
 * square of the selections.
 * @throws RequestError QUERY_TOO_COMPLEX naming the limit.
 */
export function checkSize(document: DocumentNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const reader = new SizeReader(fragments);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && isIntrospectionFragment(definition)) continue;
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const size = reader.set(definition.selectionSet);
    const onVariables = (definition.variableDefinitions ?? []).reduce((sum, variable) => sum + (variable.directives?.length ?? 0), 0);
    refuseAbove({ ...size, directives: size.directives + onVariables + (definition.directives?.length ?? 0) });
  }
}

function refuseAbove(size: Size): void {
  for (const measure of ['depth', 'aliases', 'selections', 'directives'] as const) {
    if (size[measure] > LIMITS[measure]) {
      throw requestError('QUERY_TOO_COMPLEX', `The operation is above the limit of ${LIMITS[measure]} for ${measure}.`);
    }
  }
}
