import { ClassType, Field, ObjectType } from 'type-graphql';
import { Refusal } from '../platform/errors';
import { Payload } from '../tenant';
import { errorsOf } from './catalog.errors';
import { ProductOffering, TaxRate } from './product-offering.type';

@ObjectType('ProductOfferingDraftPayload', { description: 'Outcome of productOfferingDraft.' })
export class ProductOfferingDraftPayload extends Payload {
  @Field(() => ProductOffering, { nullable: true, description: 'The draft as stored; null where refused.' })
  readonly offering!: ProductOffering | null;
}

@ObjectType('ProductOfferingLaunchPayload', { description: 'Outcome of productOfferingLaunch.' })
export class ProductOfferingLaunchPayload extends Payload {
  @Field(() => ProductOffering, { nullable: true, description: 'The version as launched; null where refused.' })
  readonly offering!: ProductOffering | null;
}

@ObjectType('ProductOfferingRetirePayload', { description: 'Outcome of productOfferingRetire.' })
export class ProductOfferingRetirePayload extends Payload {
  @Field(() => ProductOffering, { nullable: true, description: 'The last version with its end; null where refused.' })
  readonly offering!: ProductOffering | null;
}

@ObjectType('TaxRateSetPayload', { description: 'Outcome of taxRateSet.' })
export class TaxRateSetPayload extends Payload {
  @Field(() => TaxRate, { nullable: true, description: 'The rate as set; null where refused.' })
  readonly taxRate!: TaxRate | null;
}

/** Runs a change and makes its payload: the object, or every expected error that ended it. */
export async function settleAll<P extends Payload>(
  payloadClass: ClassType<P>, field: Exclude<keyof P, 'errors'>, work: () => Promise<object | null>,
): Promise<P> {
  const payload = new payloadClass();
  try {
    return Object.assign(payload, { [field]: await work(), errors: [] });
  } catch (error) {
    if (error instanceof Refusal) return Object.assign(payload, { [field]: null, errors: errorsOf(error) });
    throw error;
  }
}
