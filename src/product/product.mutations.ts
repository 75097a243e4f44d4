import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ActivateAnswer, ActivateInput } from '../charging';
import type { RequestContext } from '../context';
import { isExternalId, normaliseIdentifier, visibleAccounts } from '../party';
import type { Role } from '../platform/auth/caller';
import { refuse } from '../platform/errors';
import { decodeNumericId, MoneyMove } from '../platform/graphql';
import { settle } from '../tenant';
import { requireNoComponent } from './bundle.guard';
import { auditRefusal, conductMove, MoveAudit } from './move-mutation';
import {
  ProductActivateInput, ProductActivatePayload, ProductIdentifierInput, ProductTerminateInput, ProductTerminatePayload,
} from './product-mutation.types';
import { productLoader } from './product.loader';
import type { Product } from './product.type';
import { forgetStanding } from './standing.loader';

/** Begins and ends products. */
@Resolver()
export class ProductMutations {
  @Authorized<Role>(['CRM_AGENT'])
  @MoneyMove()
  @Mutation(() => ProductActivatePayload, {
    description: 'Makes a product of an offering, takes its first fees and grants its allowances. May refuse with INVALID_INPUT, NOT_FOUND, NOT_ALLOWED, OFFERING_NOT_SOLD, CONFLICT, CURRENCY_MISMATCH, INSUFFICIENT_BALANCE, ALREADY_EXISTS, IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED.',
  })
  productActivate(
    @Arg('input', () => ProductActivateInput, { description: 'The account and the offering.' }) input: ProductActivateInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductActivatePayload> {
    return settle(ProductActivatePayload, 'product', async () => shown(context, await activate(context, input)));
  }

  @Authorized<Role>(['CRM_AGENT'])
  @MoneyMove()
  @Mutation(() => ProductTerminatePayload, {
    description: 'Ends a product: its allowances lapse and its keys are free. May refuse with INVALID_INPUT, NOT_FOUND, CONFLICT, IDEMPOTENCY_KEY_REUSED, OVERLOADED, OUTCOME_UNKNOWN or DEADLINE_EXCEEDED.',
  })
  productTerminate(
    @Arg('input', () => ProductTerminateInput, { description: 'The product and its end.' }) input: ProductTerminateInput,
    @Ctx() context: RequestContext,
  ): Promise<ProductTerminatePayload> {
    return settle(ProductTerminatePayload, 'product', async () => shown(context, await terminate(context, input)));
  }
}

async function activate(context: RequestContext, input: ProductActivateInput): Promise<ActivateAnswer> {
  const audit: MoveAudit = { operation: 'productActivate', objectType: 'BillingAccount', objectId: '' };
  const move = await auditRefusal(context, audit, () => activationOf(context, input));
  const named = { ...audit, objectId: move.accountId.toString(), after: { offeringCode: move.offeringCode } };
  return conductMove(context, input.idempotencyKey, named, (key) => context.services.charging.activate(key, move));
}

async function activationOf(context: RequestContext, input: ProductActivateInput): Promise<ActivateInput> {
  const { accountId, offeringCode, startedAt, identifiers, attachedTo } = input;
  if (!isExternalId(offeringCode)) refuse('OFFERING_NOT_SOLD', 'No launched version of this offering is valid now.', ['offeringCode']);
  if (identifiers.length > MOST_IDENTIFIERS) refuse('INVALID_INPUT', `At most ${MOST_IDENTIFIERS} identifiers.`, ['identifiers']);
  const keys = identifiers.map(checkedIdentifier);
  keys.forEach(({ kind, value }, index) => {
    if (keys.findIndex((other) => other.kind === kind && other.value === value) === index) return;
    refuse('INVALID_INPUT', 'The identifier stands in the list twice.', ['identifiers', String(index), 'value']);
  });
  return {
    accountId: await requireAccount(context, accountId), offeringCode, startedAt: startedAt?.getTime() ?? null,
    identifiers: keys, attachedTo: attachedTo ? requireKey(attachedTo, 'attachedTo') : null,
  };
}

const MOST_IDENTIFIERS = 20;

async function terminate(context: RequestContext, { productId, at, idempotencyKey }: ProductTerminateInput): Promise<ActivateAnswer> {
  const audit: MoveAudit = { operation: 'productTerminate', objectType: 'Product', objectId: '' };
  const key = await auditRefusal(context, audit, async () => {
    const found = await productLoader(context).load(requireKey(productId, 'productId'));
    if (!found) return refuse('NOT_FOUND', 'No such product.', ['productId']);
    await requireNoComponent(context, found);
    return found.productKey;
  });
  // What this request shows afterwards is the product as it ended.
  productLoader(context).clear(key);
  return conductMove(context, idempotencyKey, { ...audit, objectId: key.toString() }, (moveKey) =>
    context.services.charging.terminate(moveKey, { productId: key, at: at?.getTime() ?? null }));
}

async function shown(context: RequestContext, answer: ActivateAnswer): Promise<Product> {
  forgetStanding(context);
  const product = await productLoader(context).load(BigInt(answer.productId));
  if (!product) throw new Error('A product that was just changed is not there.');
  return product;
}

const requireKey = (id: string, path: string): bigint => decodeNumericId(id, 'Product') ?? refuse('NOT_FOUND', 'No such product.', [path]);

async function requireAccount({ services, caller }: RequestContext, id: string): Promise<bigint> {
  const key = decodeNumericId(id, 'BillingAccount');
  const found = key !== null && (await visibleAccounts(services.pool, caller, [key])).has(key.toString());
  return found ? key : refuse('NOT_FOUND', 'No such account.', ['accountId']);
}

function checkedIdentifier({ kind, value }: ProductIdentifierInput, index: number): ActivateInput['identifiers'][number] {
  const spelled = normaliseIdentifier(kind, value);
  return spelled === null ? refuse('INVALID_INPUT', `The value is no ${kind}.`, ['identifiers', String(index), 'value']) : { kind, value: spelled };
}
