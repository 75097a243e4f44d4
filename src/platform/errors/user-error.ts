import { Field, InterfaceType, ObjectType } from 'type-graphql';
import type { ErrorCode } from './error-code';
import { ErrorCodeEnum } from './error-code';

/**
 * An expected error, returned as a value in a payload: code, one plain sentence, and the path of the input field.
 * Rooms add small types with their facts by extending SimpleUserError's shape.
 */
@InterfaceType('UserError', {
  description: 'An expected error of a mutation: what is wrong, where, and what would be right.',
  resolveType: (value: UserError) => value.graphqlType(),
})
export abstract class UserError {
  @Field(() => ErrorCodeEnum, { description: 'Stable code for programs.' })
  readonly code: ErrorCode;

  @Field(() => String, { description: 'One plain sentence for people: what is wrong and what would be right.' })
  readonly message: string;

  @Field(() => [String], { description: 'Path of the input field at fault, from the input object down; empty where none is.' })
  readonly path: string[];

  constructor(code: ErrorCode, message: string, path: readonly string[] = []) {
    this.code = code;
    this.message = message;
    this.path = [...path];
  }

  /** Name of the GraphQL type that shows this error. */
  graphqlType(): string {
    return 'SimpleUserError';
  }
}

@ObjectType('SimpleUserError', { implements: UserError, description: 'An expected error without further facts.' })
export class SimpleUserError extends UserError {}

/** Thrown inside a use-case to end it before its first write; the use-case's edge turns it into the payload's `errors`. */
export class Refusal extends Error {
  constructor(readonly userError: UserError) {
    super(`${userError.code}: ${userError.message}`);
  }
}

/** Ends the use-case with an expected error. */
export function refuse(code: ErrorCode, message: string, path: readonly string[] = []): never {
  throw new Refusal(new SimpleUserError(code, message, path));
}
