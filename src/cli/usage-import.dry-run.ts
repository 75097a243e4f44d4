import type { Pool } from 'pg';
import { messageOf } from '../charging';
import { FactsCache, taxed, TenantFacts } from '../charging/work/facts';
import { OnlineRecord, selectOnline } from '../charging/sql/record.sql';
import { OnlineUse, onlineKey, onlineUses } from '../charging/work/online-use';
import { guide, ownerOf, SetupCache, SetupProduct, termsAt } from '../guiding';
import type { ErrorCode } from '../platform/errors';
import { ZERO_QUANTITY } from '../platform/money';
import type { RootRef } from '../platform/root';
import { choosePrice, PriceCandidate, priceSpan } from '../rating';
import type { SendUsages, SentUsage } from '../usage/import';
import type { UsageEvent } from '../usage/usage.types';

const CACHED = 20_000;

/**
 * Answers what each usage would cost by itself, in memory: guided to its owner and products, priced, taxed. It does not
 * know allowances, tiers' counters, balances, late limits and earlier charges, for those change with every charge.
 */
export function dryRunSender(pool: Pool): SendUsages {
  const setups = new SetupCache(pool, { roots: CACHED, identifiers: 2 * CACHED });
  const facts = new FactsCache(pool, setups.loader);
  return async (events) => {
    const tenantFacts = await facts.ensure(events[0].tenantId);
    const owners = await setups.ownersOf(events[0].tenantId, events.map(({ subscriber, startedAt }) => ({ ...subscriber, at: startedAt })));
    await setups.ensure(owners.filter((owner) => owner !== null));
    const online = await onlineOf(pool, events, owners);
    return events.map((event, index) => (isKnown(event, owners[index], setups, online) ? COMPARED : priced(event, owners[index], setups, tenantFacts)));
  };
}

const COMPARED: SentUsage = { status: 'COMPARED', duplicate: false, charge: null, error: null };

/** What was charged online under the charging ids of records. */
async function onlineOf(pool: Pool, events: readonly UsageEvent[], owners: readonly (RootRef | null)[]): Promise<ReadonlyMap<string, OnlineUse>> {
  const keys = events.flatMap(({ isRecord, chargingId }, index) => {
    const root = owners[index];
    return isRecord && chargingId !== undefined && root ? [{ ...root, chargingId }] : [];
  });
  if (keys.length === 0) return new Map();
  const distinct = [...new Map(keys.map((key) => [`${key.rootId}\n${key.chargingId}`, key])).values()];
  const { text, values } = selectOnline(distinct);
  return onlineUses((await pool.query<OnlineRecord>(text, [...values])).rows);
}

function isKnown({ isRecord, chargingId, ...event }: UsageEvent, root: RootRef | null, setups: SetupCache, online: ReadonlyMap<string, OnlineUse>): boolean {
  const setup = root && setups.get(root.rootId);
  const owner = setup && isRecord ? ownerOf(event, setup) : null;
  if (!setup || !owner || chargingId === undefined) return false;
  return online.has(onlineKey({ rootId: setup.rootId, ownerId: owner.lineId ?? owner.account.id, chargingId }));
}

function priced(event: UsageEvent, root: RootRef | null, setups: SetupCache, facts: TenantFacts): SentUsage {
  const setup = root && setups.get(root.rootId);
  const owner = setup ? ownerOf(event, setup) : null;
  if (event.emergency) return { status: 'CHARGED', duplicate: false, charge: null, error: null };
  if (!setup || !owner) return aside('UNKNOWN_SUBSCRIBER');
  const guided = guide(event, owner, setup.products);
  if (typeof guided === 'string') return aside('PRODUCT_NOT_ACTIVE');
  if (guided.products.length === 0) return aside('PRODUCT_SUSPENDED');
  const chosen = choosePrice(event, guided.products.flatMap((product) => candidatesOf(product, facts, event.startedAt)));
  if (typeof chosen === 'string') return aside('RATING_FAILED');
  const { version } = chosen.candidate.price;
  const span = { offset: ZERO_QUANTITY, quantity: event.quantity, counterBefore: ZERO_QUANTITY, chargeConnectFee: true };
  const due = taxed(facts, version, priceSpan(event, chosen, span).amount, event.startedAt);
  if (!due) return aside('RATING_FAILED');
  return { status: 'CHARGED', duplicate: false, charge: { net: due.net, tax: due.tax, currency: version.currency }, error: null };
}

function candidatesOf(product: SetupProduct, facts: TenantFacts, at: number): PriceCandidate[] {
  const terms = termsAt(product, at);
  const holder = {
    productPriority: terms.priority, isAddOn: product.attachedTo !== null, productStartedAt: product.startedAt,
    productId: product.id.toString(),
  };
  const holds = (from: number, until: number | null): boolean => at >= from && (until === null || at < until);
  const assigned = product.assignments.filter(({ from, until }) => holds(from, until)).map(({ compiled }) => compiled);
  const listed = terms.usage.filter(({ listPriced }) => listPriced)
    .map(({ priceId }) => facts.listPrices.get(priceId)?.find(({ validFrom, validUntil }) => holds(validFrom, validUntil))?.compiled ?? null);
  return [...assigned, ...listed].filter((price) => price !== null).map((price) => ({ ...holder, price }));
}

const aside = (code: ErrorCode): SentUsage =>
  ({ status: 'QUARANTINED', duplicate: false, charge: null, error: { code, message: messageOf(code) } });
