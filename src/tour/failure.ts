import type { ExampleOperation } from './example';

/** An operation that was refused: the message shows where it stands, what was sent, and what came back. */
export class TourFailed extends Error {
  constructor(operation: Pick<ExampleOperation, 'file' | 'name' | 'identity' | 'text'>, variables: object, errors: readonly unknown[]) {
    super([
      `examples/${operation.file}.graphql: ${operation.name} was refused (token: ${operation.identity})`,
      operation.text, `variables ${JSON.stringify(variables, null, 2)}`, `errors ${JSON.stringify(errors, null, 2)}`,
    ].join('\n\n'));
  }
}

/** What the tour found and what it should have been. */
export class Unexpected extends Error {}
