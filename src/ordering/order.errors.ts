import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from '../platform/errors';

/** The offering is not sold, or in another version: says which version would be right. */
@ObjectType('OfferingVersionNotSold', { implements: UserError, description: 'The offering is not sold now, or not in this version.' })
export class OfferingVersionNotSold extends UserError {
  @Field(() => String, { description: 'Code of the offering.' })
  readonly offeringCode: string;

  @Field(() => Int, { nullable: true, description: 'The version that is sold now; null where none is.' })
  readonly soldVersion: number | null;

  constructor(offeringCode: string, soldVersion: number | null, path: readonly string[]) {
    super('OFFERING_NOT_SOLD', soldVersion === null
      ? 'No launched version of this offering is valid now.' : `Version ${soldVersion} of this offering is the one sold now.`, path);
    this.offeringCode = offeringCode;
    this.soldVersion = soldVersion;
  }

  override graphqlType(): string {
    return 'OfferingVersionNotSold';
  }
}
