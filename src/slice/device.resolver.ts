import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { requiredKey } from '../party';
import type { Role } from '../platform/auth/caller';
import { DateTimeScalar } from '../platform/graphql';
import { ProductIdentifierInput } from '../product/product-mutation.types';
import { actorOf, Payload, settle } from '../tenant';
import { sliceDeviceOf } from './slice-product.loader';
import { SliceDevice } from './slice-product.type';

@InputType('SliceDeviceAdmitInput', { description: 'A device that is to be in a slice.' })
export class SliceDeviceAdmitInput {
  @Field(() => ID, { description: 'The slice\'s product.' })
  productId!: string;

  @Field(() => ProductIdentifierInput, { description: 'The device.' })
  identifier!: ProductIdentifierInput;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant, now or later; null = now.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which it no longer is; null = as long as the slice is there.' })
  until?: Date | null;
}

@InputType('SliceDeviceRemoveInput', { description: 'A device that is to leave a slice.' })
export class SliceDeviceRemoveInput {
  @Field(() => ID, { description: 'The slice\'s product.' })
  productId!: string;

  @Field(() => ProductIdentifierInput, { description: 'The device.' })
  identifier!: ProductIdentifierInput;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which it no longer is in it, now or later; null = now.' })
  at?: Date | null;
}

@ObjectType('SliceDeviceAdmitPayload', { description: 'Outcome of sliceDeviceAdmit.' })
export class SliceDeviceAdmitPayload extends Payload {
  @Field(() => SliceDevice, { nullable: true, description: 'The device with its time; null where refused.' })
  readonly device!: SliceDevice | null;
}

@ObjectType('SliceDeviceRemovePayload', { description: 'Outcome of sliceDeviceRemove.' })
export class SliceDeviceRemovePayload extends Payload {
  @Field(() => SliceDevice, { nullable: true, description: 'The device with its end; null where refused.' })
  readonly device!: SliceDevice | null;
}

/** Which devices are in a slice: by care any, by its own subscriber those of the own accounts. */
@Resolver()
export class SliceDeviceMutations {
  @Authorized<Role>(['CRM_AGENT', 'SUBSCRIBER'])
  @Mutation(() => SliceDeviceAdmitPayload, {
    description: 'Admits a device to a slice from now on or later; a subscriber one whose identifier belongs to an own account when it comes. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT (the slice has not begun, or has ended), NOT_ALLOWED (to a subscriber: the device is not the own one, or in a slice of this S-NSSAI for a part of that time), ALREADY_EXISTS (to the operator: it is in such a slice), DEVICE_LIMIT_REACHED or OVERLOADED.',
  })
  sliceDeviceAdmit(
    @Arg('input', () => SliceDeviceAdmitInput, { description: 'The device and the slice.' }) input: SliceDeviceAdmitInput,
    @Ctx() context: RequestContext,
  ): Promise<SliceDeviceAdmitPayload> {
    const { identifier: { kind, value }, from = null, until = null } = input;
    return settle(SliceDeviceAdmitPayload, 'device', async () => {
      const productId = requiredKey(input.productId, ['Product'], 'productId');
      return sliceDeviceOf(await context.services.sliceDevices.admit(actorOf(context), context.caller, { productId, kind, value, from, until }));
    });
  }

  @Authorized<Role>(['CRM_AGENT', 'SUBSCRIBER'])
  @Mutation(() => SliceDeviceRemovePayload, {
    description: 'Removes a device from a slice from now on or later; what it used in it stays whose it was. May refuse with INVALID_INPUT, NOT_FOUND or OVERLOADED.',
  })
  sliceDeviceRemove(
    @Arg('input', () => SliceDeviceRemoveInput, { description: 'The device and the slice.' }) input: SliceDeviceRemoveInput,
    @Ctx() context: RequestContext,
  ): Promise<SliceDeviceRemovePayload> {
    const { identifier: { kind, value }, at = null } = input;
    return settle(SliceDeviceRemovePayload, 'device', async () => {
      const productId = requiredKey(input.productId, ['Product'], 'productId');
      return sliceDeviceOf(await context.services.sliceDevices.remove(actorOf(context), context.caller, { productId, kind, value, at }));
    });
  }
}
