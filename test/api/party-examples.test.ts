import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationDefinitionNode, parse, validate } from 'graphql';
import { schema } from './party-world';

const MUTATIONS = ['individualCreate', 'customerCreate', 'billingAccountCreate', 'billingAccountUpdate', 'sharingGroupCreate',
  'identifierAssign', 'identifierRelease'];

describe('the examples of the party room', () => {
  const document = parse(readFileSync(join(__dirname, '..', '..', 'src', 'party', 'examples.graphql'), 'utf8'));

  it('fit the schema', () => {
    expect(validate(schema, document)).toEqual([]);
  });

  it('show the mutations a newcomer needs', () => {
    const rootFields = document.definitions.flatMap((definition) =>
      (definition as OperationDefinitionNode).selectionSet.selections.map((field) => (field.kind === 'Field' ? field.name.value : '')));
    expect(rootFields).toEqual(expect.arrayContaining(MUTATIONS));
  });
});
