import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { refuse } from '../platform/errors';
import { decodeNumericId, encodeId, MoneyMove, NodeType } from '../platform/graphql';
import { actorOf, settle } from '../tenant';
import type { ItemDraft, OrderDraft } from './order-draft';
import { ProductOrderCancelInput, ProductOrderCreateInput, ProductOrderItemInput, ProductOrderItemReportInput } from './order.input';
import type { Orderer } from './order.types';
import { ProductOrderCancelPayload, ProductOrderCreatePayload, ProductOrderItemReportPayload, ProductOrderReceipt } from './order.payload';
import { productOrderOf } from './order.type';

/** Takes orders, cancels them, and hears the network. */
@Resolver()
export class OrderMutations {
  @Authorized<Role>(['CRM_AGENT', 'SUBSCRIBER'])
  @MoneyMove()
  @Mutation(() => ProductOrderCreatePayload, {
    description: 'Takes an order in; its progress is told by productOrderChanged. Refuses, before anything is stored, with INVALID_INPUT (items that rely on each other in a circle, a start in the past, or BundleCountOutOfRange among it), NOT_FOUND, NOT_ALLOWED (a subscriber names identifiers), CONFLICT (a product that ended, has another version, or is changed by another open order; a slice that is to be changed), OFFERING_NOT_SOLD (with the version sold now), SLICE_CAPACITY_EXCEEDED (with what is short, by how much and from when), ALREADY_EXISTS (a device is in a slice of this S-NSSAI), DEVICE_LIMIT_REACHED, IDEMPOTENCY_KEY_REUSED (the external id came with another order) or OVERLOADED.',
  })
  productOrderCreate(
    @Arg('input', () => ProductOrderCreateInput, { description: 'The order.' }) input: ProductOrderCreateInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductOrderCreatePayload> {
    return settle(ProductOrderCreatePayload, 'order', async () => productOrderOf(await context.services.orders.create(ordererOf(context), () => draftOf(input))));
  }

  @Authorized<Role>(['CRM_AGENT', 'SUBSCRIBER'])
  @Mutation(() => ProductOrderCancelPayload, {
    description: 'Asks for the cancellation of an order before any part of it is done. May refuse with NOT_FOUND, CONFLICT (another version, ended, or parts are done: end their products instead) or OVERLOADED.',
  })
  productOrderCancel(
    @Arg('input', () => ProductOrderCancelInput, { description: 'The order.' }) input: ProductOrderCancelInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductOrderCancelPayload> {
    return settle(ProductOrderCancelPayload, 'order', async () => productOrderOf(
      await context.services.orders.cancel(ordererOf(context), decodeNumericId(input.orderId, 'ProductOrder'), input.expectedVersion ?? null)));
  }

  @Authorized<Role>(['NETWORK'])
  @Mutation(() => ProductOrderItemReportPayload, {
    description: 'Tells what the network made of an item; the same again changes nothing. May refuse with INVALID_INPUT, NOT_FOUND or CONFLICT (the item is past this).',
  })
  productOrderItemReport(
    @Arg('input', () => ProductOrderItemReportInput, { description: 'The item and its outcome.' }) input: ProductOrderItemReportInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductOrderItemReportPayload> {
    return settle(ProductOrderItemReportPayload, 'receipt', () => report(context, input));
  }
}

const ordererOf = (context: RequestContext): Orderer => ({ ...actorOf(context), role: context.caller.role, customerId: context.caller.customerId });

const MOST_NOTE = 500;
/** Controls and halves of surrogate pairs. */
const NOT_TEXT = /[\p{Cc}\p{Cs}]/u;

async function report({ services, caller }: RequestContext, input: ProductOrderItemReportInput): Promise<ProductOrderReceipt> {
  const note = input.note ?? null;
  if (note !== null && (note.length > MOST_NOTE || NOT_TEXT.test(note))) {
    refuse('INVALID_INPUT', 'A note has at most 500 characters, without control characters.', ['note']);
  }
  const orderId = requiredKey(input.orderId, 'ProductOrder', ['orderId']);
  const order = await services.orders.report({ tenantId: caller.tenantId, orderId, itemKey: input.itemKey, outcome: input.outcome, note });
  const item = order.items.find(({ key }) => key === input.itemKey)!;
  return Object.assign(new ProductOrderReceipt(), { orderId: encodeId('ProductOrder', order.id), itemKey: item.key, state: item.state, version: order.version });
}

function draftOf(input: ProductOrderCreateInput): OrderDraft {
  return {
    channel: input.channel, externalId: input.externalId, accountId: requiredKey(input.accountId, 'BillingAccount', ['accountId']),
    requestedStart: input.requestedStart?.getTime() ?? null,
    restarts: input.restarts ? requiredKey(input.restarts, 'ProductOrder', ['restarts']) : null, items: input.items.map(itemOf),
    // Absent where it was not given: an order that was sent before there was such a number is still the same order.
    ...(typeof input.purchaseOrderNumber === 'string' && { purchaseOrder: input.purchaseOrderNumber }),
  };
}

function itemOf(item: ProductOrderItemInput, index: number): ItemDraft {
  const path = (field: string): string[] => ['items', `${index}`, field];
  return {
    key: item.key, action: item.action, offeringCode: item.offering ?? null, offeringVersion: item.offeringVersion ?? null,
    productId: item.productId ? requiredKey(item.productId, 'Product', path('productId')) : null, productVersion: item.productVersion ?? null,
    takesEffect: item.when, attachedToKey: item.attachedTo ?? null,
    attachedTo: item.attachedToProductId ? requiredKey(item.attachedToProductId, 'Product', path('attachedToProductId')) : null,
    bundledInKey: item.bundledIn ?? null,
    bundledIn: item.bundledInProductId ? requiredKey(item.bundledInProductId, 'Product', path('bundledInProductId')) : null,
    reliesOn: item.reliesOn, identifiers: item.identifiers.map(({ kind, value }) => ({ kind, value })),
    ...(item.slice && { slice: { area: item.slice.area, until: item.slice.until?.getTime() ?? null, devices: item.slice.devices.map(({ kind, value }) => ({ kind, value })) } }),
  };
}

const requiredKey = (id: string, type: NodeType, path: readonly string[]): bigint =>
  decodeNumericId(id, type) ?? refuse('NOT_FOUND', 'No such object.', path);
