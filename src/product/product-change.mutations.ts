import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ActivateAnswer, MoveKey, MoveOutcome, ProductMovesApi } from '../charging';
import type { RequestContext } from '../context';
import { isExternalId } from '../party';
import type { Role } from '../platform/auth/caller';
import { refuse } from '../platform/errors';
import { decodeNumericId, MoneyMove } from '../platform/graphql';
import { settle } from '../tenant';
import { requireUnbundled } from './bundle.guard';
import { auditRefusal, conductMove, MoveAudit } from './move-mutation';
import {
  ProductChangeOfferingInput, ProductChangeOfferingPayload, ProductEndWithdrawInput, ProductEndWithdrawPayload, ProductResumeInput,
  ProductResumePayload, ProductSuspendInput, ProductSuspendPayload,
} from './product-change.types';
import { productLoader } from './product.loader';
import type { Product } from './product.type';

const REPEATED = 'IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED.';

/** Suspends, resumes and changes products. */
@Resolver()
export class ProductChangeMutations {
  @Authorized<Role>(['CRM_AGENT'])
  @MoneyMove()
  @Mutation(() => ProductSuspendPayload, {
    description: `Keeps a product from being used; usage is then refused with PRODUCT_SUSPENDED. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT, ${REPEATED}`,
  })
  productSuspend(
    @Arg('input', () => ProductSuspendInput, { description: 'The product and the reason.' }) input: ProductSuspendInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductSuspendPayload> {
    const { reason, level } = input;
    return settle(ProductSuspendPayload, 'product', () => change(context, 'productSuspend', input, { suspensionReason: reason, level }, () => requireByHand(reason),
      (moves, key, productId) => moves.suspend(key, { productId, reason, level })));
  }

  @Authorized<Role>(['CRM_AGENT'])
  @MoneyMove()
  @Mutation(() => ProductResumePayload, {
    description: `Takes a reason of suspension away. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT, INSUFFICIENT_BALANCE, CREDIT_LIMIT_REACHED, RATING_FAILED, ${REPEATED}`,
  })
  productResume(
    @Arg('input', () => ProductResumeInput, { description: 'The product and the reason.' }) input: ProductResumeInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductResumePayload> {
    const { reason } = input;
    return settle(ProductResumePayload, 'product', () => change(context, 'productResume', input, { suspensionReason: reason }, () => requireByHand(reason),
      (moves, key, productId) => moves.resume(key, { productId, reason })));
  }

  @Authorized<Role>(['CRM_AGENT'])
  @MoneyMove()
  @Mutation(() => ProductEndWithdrawPayload, {
    description: `Takes a named end back before it comes: the product goes on as if none had been named. May refuse with NOT_FOUND, CONFLICT, ALREADY_EXISTS (a number was given away from the end on), ${REPEATED}`,
  })
  productEndWithdraw(
    @Arg('input', () => ProductEndWithdrawInput, { description: 'The product.' }) input: ProductEndWithdrawInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductEndWithdrawPayload> {
    return settle(ProductEndWithdrawPayload, 'product', () => change(context, 'productEndWithdraw', input, {}, () => undefined,
      (moves, key, productId) => moves.withdrawEnd(key, { productId })));
  }

  @Authorized<Role>(['CRM_AGENT', 'SUBSCRIBER'])
  @MoneyMove()
  @Mutation(() => ProductChangeOfferingPayload, {
    description: `Gives a product another offering: the unused rest of what was billed in advance is credited, the rest of the period charged on the new price, allowances by the days left. May refuse with INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, CONFLICT, PRODUCT_SUSPENDED, OFFERING_NOT_SOLD, CURRENCY_MISMATCH, INSUFFICIENT_BALANCE, CREDIT_LIMIT_REACHED, RATING_FAILED, ${REPEATED}`,
  })
  productChangeOffering(
    @Arg('input', () => ProductChangeOfferingInput, { description: 'The product and its new offering.' }) input: ProductChangeOfferingInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductChangeOfferingPayload> {
    const { offeringCode, when, offeringVersion = null, expectedVersion = null } = input;
    return settle(ProductChangeOfferingPayload, 'product', () => change(context, 'productChangeOffering', input, { offeringCode, takesEffect: when }, () => requireCode(offeringCode),
      (moves, key, productId) => moves.changeOffering(key, { productId, offeringCode, when, offeringVersion, expectedVersion })));
  }
}

function requireCode(code: string): void {
  if (!isExternalId(code)) refuse('OFFERING_NOT_SOLD', 'No launched version of this offering is valid now.', ['offeringCode']);
}

/** What a renewal that is not paid does to a product is undone by paying it. */
function requireByHand(reason: string): void {
  if (reason === 'RENEWAL_UNPAID') refuse('INVALID_INPUT', 'RENEWAL_UNPAID comes when the fee of a period is not paid, and goes when it is.', ['reason']);
}

type ProductMove = (moves: ProductMovesApi, key: MoveKey, productId: bigint) => Promise<MoveOutcome<ActivateAnswer>>;

/** Finds the caller's product, moves it, and shows it as it is then; staff leaves an audit row, a subscriber's own change none. */
async function change(
  context: RequestContext, operation: string, input: { readonly productId: string; readonly idempotencyKey: string },
  after: NonNullable<MoveAudit['after']>, check: () => void, move: ProductMove,
): Promise<Product> {
  const isOwn = context.caller.role === 'SUBSCRIBER';
  const audit: MoveAudit = { operation, objectType: 'Product', objectId: '', after };
  const key = await auditRefusal(context, isOwn ? null : audit, async () => {
    check();
    const product = await requireProduct(context, input.productId);
    if (operation === 'productChangeOffering') await requireUnbundled(context, product);
    return product.productKey;
  });
  const named = isOwn ? null : { ...audit, objectId: key.toString() };
  await conductMove(context, input.idempotencyKey, named, (moveKey) => move(context.services.charging.products, moveKey, key));
  productLoader(context).clear(key);
  return (await productLoader(context).load(key))!;
}

async function requireProduct(context: RequestContext, id: string): Promise<Product> {
  const key = decodeNumericId(id, 'Product');
  const found = key === null ? null : await productLoader(context).load(key);
  return found ?? refuse('NOT_FOUND', 'No such product.', ['productId']);
}
