import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { SimpleUserError, UserError } from '../platform/errors';
import { BundledOfferingEntity } from './bundled-offering.entity';
import { refuseAll } from './catalog.errors';
import { ComponentDraft } from './draft.types';
import { ProductOfferingEntity } from './product-offering.entity';

/** Stores what a draft is made of. @throws CatalogRefusal where the tenant has no offering of a component's code. */
export async function storeComponents(
  manager: EntityManager, tenantId: number, versionId: string, components: readonly ComponentDraft[],
): Promise<void> {
  if (components.length === 0) return;
  const found = await manager.findBy(ProductOfferingEntity, { tenantId, code: In(components.map(({ offering }) => offering)) });
  const ids = new Map(found.map(({ code, id }) => [code, id]));
  refuseAll(components.flatMap(({ offering }, index) => (ids.has(offering) ? []
    : [new SimpleUserError('INVALID_INPUT', 'There is no offering of this code.', ['components', `${index}`, 'offering'])])));
  await manager.insert(BundledOfferingEntity, components.map(({ offering, lowerLimit, upperLimit, defaultCount }, ordinal) =>
    ({ tenantId, offeringVersionId: versionId, ordinal, offeringId: ids.get(offering)!, lowerLimit, upperLimit, defaultCount })));
}

/** The version with each of its components as it will be sold then, and with each bundle on sale then that holds its offering. */
const PAIRS = `
  with pair as (
    select x.offering_version_id as bundle, o.code, c.id as component, true as is_bundle
      from bundled_offering x
      join product_offering o on o.id = x.offering_id
      left join product_offering_version c on c.offering_id = x.offering_id and c.state = 'LAUNCHED' and tstzrange(c.valid_from, c.valid_until) @> $2::timestamptz
     where x.offering_version_id = $1
    union all
    select b.id, o.code, v.id, false
      from product_offering_version v
      join bundled_offering x on x.offering_id = v.offering_id
      join product_offering_version b on b.id = x.offering_version_id and b.state = 'LAUNCHED' and (b.valid_until is null or b.valid_until > $2::timestamptz)
      join product_offering o on o.id = b.offering_id
     where v.id = $1)
  select pair.code, pair.is_bundle, pair.component is not null as is_sold,
         exists (select from bundled_offering n where n.offering_version_id = pair.component) as is_nested,
         b.payment_modes <@ c.payment_modes as meets,
         array(select distinct p.currency from price_version p where p.offering_version_id in (pair.bundle, pair.component)) as currencies
    from pair join product_offering_version b on b.id = pair.bundle
    left join product_offering_version c on c.id = pair.component
   order by pair.code`;

interface PairRow {
  readonly code: string;
  /** Whether the version is the bundle; otherwise it is the component. */
  readonly is_bundle: boolean;
  readonly is_sold: boolean;
  readonly is_nested: boolean;
  readonly meets: boolean | null;
  readonly currencies: string[];
}

/** What keeps a version from being sold from an instant on, as a bundle or as the component of one. @throws CatalogRefusal */
export async function requireBundles(manager: EntityManager, versionId: string, at: Date): Promise<void> {
  const pairs = await manager.query<PairRow[]>(PAIRS, [versionId, at]);
  const currencies = new Set(pairs.filter(({ is_bundle: isBundle }) => isBundle).flatMap((pair) => pair.currencies));
  refuseAll(pairs.flatMap((pair) => problemsOf(pair, currencies.size > 1 || pair.currencies.length > 1)));
}

function problemsOf({ code, is_bundle: isBundle, is_sold: isSold, is_nested: isNested, meets }: PairRow, isMixed: boolean): UserError[] {
  const no = (message: string): UserError => new SimpleUserError('INVALID_INPUT', message, ['code']);
  if (!isSold) return [no(`The component ${code} is not on sale then.`)];
  return [
    ...(isNested ? [no(isBundle ? `The component ${code} is a bundle itself.` : `It is a component of the bundle ${code}, so it cannot be a bundle.`)] : []),
    ...(meets ? [] : [no(isBundle ? `The component ${code} is not sold to all payment modes of the bundle.`
      : `The bundle ${code} is sold to payment modes that it is not sold to.`)]),
    ...(isMixed ? [no(`A bundle and its components have one currency; ${code} brings another.`)] : []),
  ];
}
