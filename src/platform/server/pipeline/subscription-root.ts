import { DocumentNode, FragmentDefinitionNode, Kind, OperationTypeNode, SelectionNode, SelectionSetNode } from 'graphql';
import { requestError } from '../../graphql/request-error';

const isConditional = ({ directives }: SelectionNode): boolean =>
  directives?.some(({ name: { value } }) => value === 'skip' || value === 'include') ?? false;

/**
 * Refuses subscriptions whose one field may be left out: nothing would be there to wait for. Runs before validation, whose
 * own rule about that field, like the start of a subscription, fails on the directives instead of refusing them.
 * @throws RequestError GRAPHQL_VALIDATION_FAILED
 */
export function checkSubscriptionRoots({ definitions }: DocumentNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== OperationTypeNode.SUBSCRIPTION) continue;
    checkSet(definition.selectionSet, fragments);
  }
}

/** Each fragment is looked into once, because cycles are refused only later. */
function checkSet(set: SelectionSetNode, fragments: Map<string, FragmentDefinitionNode>): void {
  for (const selection of set.selections) {
    if (isConditional(selection)) {
      throw requestError('GRAPHQL_VALIDATION_FAILED', 'The root field of a subscription takes neither @skip nor @include.');
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) checkSet(selection.selectionSet, fragments);
    if (selection.kind !== Kind.FRAGMENT_SPREAD) continue;
    const fragment = fragments.get(selection.name.value);
    fragments.delete(selection.name.value);
    if (fragment) checkSet(fragment.selectionSet, fragments);
  }
}
