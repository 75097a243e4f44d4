import { PriceCondition, UsagePriceVersion } from '../../catalog';
import { SetupProduct } from '../../guiding';

type Holder = Pick<SetupProduct, 'id' | 'accountId' | 'accountWide' | 'attachedTo' | 'startedAt' | 'terms' | 'assignments'>;

/**
 * Whether a usage could find a price of both products and nothing would put one before the other (money-rules 1.1). The
 * later start decides between products that are otherwise equal, so only products of one start can be.
 */
export function areEqual(a: Holder, b: Holder): boolean {
  const ranksAlike = a.terms.priority === b.terms.priority && (a.attachedTo === null) === (b.attachedTo === null) && a.startedAt === b.startedAt;
  if (!ranksAlike || !shareUsage(a, b)) return false;
  const others = pricesOf(b);
  return pricesOf(a).some((price) => others.some((other) => arePricedAlike(price, other)));
}

/** Whether some usage of the account is served by both: what serves the whole account meets everything of it. */
function shareUsage(a: Holder, b: Holder): boolean {
  if (a.accountId !== b.accountId) return false;
  return a.accountWide || b.accountWide || lineOf(a) === lineOf(b);
}

const lineOf = ({ id, attachedTo }: Holder): bigint => attachedTo ?? id;

/** The usage prices from the start on. Of a list price the version it was sold with stands for those to come. */
function pricesOf({ terms, assignments, startedAt }: Holder): readonly UsagePriceVersion[] {
  const assigned = assignments.filter(({ until }) => until === null || until > startedAt).map(({ price }) => price);
  return [...assigned, ...terms.usage.filter(({ listPriced }) => listPriced)].filter((price) => price.priceType === 'USAGE');
}

function arePricedAlike(a: UsagePriceVersion, b: UsagePriceVersion): boolean {
  const prefixes = prefixesOf(a);
  return a.definition.usageKind === b.definition.usageKind && a.unit === b.unit
    && a.definition.conditions.length === b.definition.conditions.length
    && canHoldTogether(a.definition.conditions, b.definition.conditions)
    && [...prefixesOf(b)].some((prefix) => prefixes.has(prefix));
}

/** One usage has one value of an attribute: both prices must take it. */
const canHoldTogether = (some: readonly PriceCondition[], others: readonly PriceCondition[]): boolean =>
  some.every((one) => others.every((other) => one.attribute !== other.attribute || other.in.some((value) => one.in.includes(value))));

/** "*" and no prefix at all are of one length: none. */
const prefixesOf = ({ definition }: UsagePriceVersion): ReadonlySet<string> =>
  new Set(definition.rates.flatMap(({ prefixes }) => (prefixes.length === 0 ? [''] : prefixes.map((prefix) => (prefix === '*' ? '' : prefix)))));
