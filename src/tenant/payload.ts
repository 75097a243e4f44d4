import { ClassType, Field, ObjectType } from 'type-graphql';
import { Refusal, UserError } from '../platform/errors';

/** What every mutation's payload has, beside its object. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  readonly errors!: UserError[];
}

/**
 * Runs a use-case and makes its payload: the object, or null beside the expected error that ended it.
 * @param work also decodes the input's ids, so that a malformed one is refused like an unknown one.
 */
export async function settle<P extends Payload>(
  payloadClass: ClassType<P>, field: Exclude<keyof P, 'errors'>, work: () => Promise<object>,
): Promise<P> {
  const payload = new payloadClass();
  try {
    return Object.assign(payload, { [field]: await work(), errors: [] });
  } catch (error) {
    if (error instanceof Refusal) return Object.assign(payload, { [field]: null, errors: [error.userError] });
    throw error;
  }
}
