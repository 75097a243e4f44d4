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

/** Of a component too many or too few products would be in a bundle. */
export interface BundleCount {
  /** Code of the bundle's offering. */
  readonly bundleCode: string;
  /** Code of the component's offering. */
  readonly offeringCode: string;
  readonly count: number;
  /** Both 0 where the offering is no component of the bundle. */
  readonly lowerLimit: number;
  readonly upperLimit: number;
}

/** An order would leave a bundle with too many or too few of a component: says which, how many, and what is right. */
@ObjectType('BundleCountOutOfRange', { implements: UserError, description: 'With the order a bundle would hold too many or too few products of a component.' })
export class BundleCountOutOfRange extends UserError implements BundleCount {
  @Field(() => String, { description: 'Code of the bundle.' })
  readonly bundleCode: string;

  @Field(() => String, { description: 'Code of the component.' })
  readonly offeringCode: string;

  @Field(() => Int, { description: 'How many the bundle would hold with the order.' })
  readonly count: number;

  @Field(() => Int, { description: 'Least number that is right; 0 also where it is no component of the bundle.' })
  readonly lowerLimit: number;

  @Field(() => Int, { description: 'Largest number that is right; 0 where it is no component of the bundle.' })
  readonly upperLimit: number;

  constructor({ bundleCode, offeringCode, count, lowerLimit, upperLimit }: BundleCount, path: readonly string[]) {
    const right = upperLimit === 0 ? 'it is no component of it' : `right are ${lowerLimit} to ${upperLimit}`;
    super('INVALID_INPUT', `With this order the bundle ${bundleCode} would hold ${count} of ${offeringCode}; ${right}.`, path);
    this.bundleCode = bundleCode;
    this.offeringCode = offeringCode;
    this.count = count;
    this.lowerLimit = lowerLimit;
    this.upperLimit = upperLimit;
  }

  override graphqlType(): string {
    return 'BundleCountOutOfRange';
  }
}
