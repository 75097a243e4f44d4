import { Arg, Args, ArgsType, Authorized, Ctx, Field, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../context';
import { Role, ROLES } from '../platform/auth/caller';
import {
  decodeNumericId, encodeCursor, foreignCursor, keysAfter, Page, PageArgs, pageOf, registerNode, requestError, wholePart,
} from '../platform/graphql';
import { allowancesLoader, pricesLoader } from './offering-parts.loader';
import { offeringLoader, productOfferingOf, readByCode, readByKey, readSold, versionsLoader } from './offering.reader';
import { isCode } from './problem.rules';
import { ProductOffering, ProductOfferingAllowance, ProductOfferingConnection, ProductOfferingPrice } from './product-offering.type';

const SCOPE = 'productOffering';
const TENANT_HELP = 'Code of the operator whose offers are asked for; only without a token, which names its operator itself.';

@ArgsType()
export class ProductOfferingsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: TENANT_HELP })
  tenant?: string | null;
}

/** What is sold, for everybody; drafts for catalog managers. */
@Resolver(() => ProductOffering)
export class OfferingResolver {
  @Authorized<Role>([...ROLES])
  @Query(() => ProductOfferingConnection, { description: 'The offerings on sale now, by code.' })
  async productOfferings(@Args(() => ProductOfferingsArgs) page: ProductOfferingsArgs, @Ctx() context: RequestContext): Promise<Page<ProductOffering>> {
    const tenantId = await tenantOf(context, page.tenant);
    if (tenantId === null) return pageOf([], page, productOfferingOf, String);
    const rows = await readSold(context, tenantId, codeAfter(page.after, tenantId), page.first);
    return pageOf(rows, page, productOfferingOf, (row) => encodeCursor(SCOPE, tenantId, row.code));
  }

  @Authorized<Role>([...ROLES])
  @Query(() => ProductOffering, {
    nullable: true,
    description: 'One offering version by its id, or the version of a code that is on sale now (for a catalog manager the newest draft where none is); null where there is none for this caller.',
  })
  async productOffering(
    @Arg('id', () => ID, { nullable: true, description: 'Id of the version; give it or the code.' }) id: string | null,
    @Arg('code', () => String, { nullable: true, description: 'Code of the offering; give it or the id.' }) code: string | null,
    @Arg('tenant', () => String, { nullable: true, description: TENANT_HELP }) tenant: string | null,
    @Ctx() context: RequestContext,
  ): Promise<ProductOffering | null> {
    if ((typeof id === 'string') === (typeof code === 'string')) throw requestError('BAD_USER_INPUT', 'Give either the id or the code.');
    const tenantId = await tenantOf(context, tenant);
    if (tenantId === null) return null;
    if (typeof code === 'string') return isCode(code) ? readByCode(context, tenantId, code) : null;
    const key = decodeNumericId(id ?? '', 'ProductOffering');
    return key === null ? null : readByKey(context, tenantId, key);
  }

  @FieldResolver(() => [ProductOfferingPrice], { description: 'What this version charges.' })
  prices(@Root() offering: ProductOffering, @Ctx() context: RequestContext): Promise<ProductOfferingPrice[]> {
    return pricesLoader(context).load(offering.versionKey);
  }

  @FieldResolver(() => [ProductOfferingAllowance], { description: 'What a product of this version receives each period.' })
  allowances(@Root() offering: ProductOffering, @Ctx() context: RequestContext): Promise<ProductOfferingAllowance[]> {
    return allowancesLoader(context).load(offering.versionKey);
  }

  @FieldResolver(() => [ProductOffering], { description: 'All versions of the offering that are for this caller, the newest first.' })
  versions(@Root() offering: ProductOffering, @Ctx() context: RequestContext): Promise<ProductOffering[]> {
    return versionsLoader(context, offering.tenantId).load(offering.offeringKey);
  }
}

/** A signed-in caller sees the own operator's offers alone; without a token the operator is named. Null = no such operator. */
async function tenantOf({ caller, services }: RequestContext, code: string | null | undefined): Promise<number | null> {
  if (caller.role === 'ANONYMOUS') {
    if (typeof code !== 'string') throw requestError('BAD_USER_INPUT', 'Without a token, name the operator in `tenant`.');
    return (await services.tenants.findByCode(code))?.id ?? null;
  }
  if (typeof code === 'string') throw requestError('BAD_USER_INPUT', 'The token names its operator; leave `tenant` out.');
  return caller.tenantId;
}

function codeAfter(cursor: string | null | undefined, tenantId: number): string {
  const keys = keysAfter(cursor, SCOPE, tenantId, 1);
  if (keys === null) return '';
  const [code = ''] = keys;
  if (!isCode(code)) throw foreignCursor();
  return code;
}

registerNode('ProductOffering', async ([part], context) => {
  const key = wholePart(part);
  return key === null ? null : offeringLoader(context).load(key.toString());
});
