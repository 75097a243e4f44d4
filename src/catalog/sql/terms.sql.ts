import { Unit } from '../../platform/money';
import type { UsageKind } from '../../usage/usage.types';
import { PriceCondition, Recognition, UsagePriceDefinition } from '../price.types';
import {
  AllowanceRenewal, FirstGrant, PaidRenewalStart, PaymentMode, PeriodKind, PriceType, UnpaidRenewal, WhenUsedUp,
} from '../terms.types';

/** Ids and quantities leave the database as text: a JavaScript number has no 64 bits. */
export interface OfferingRow {
  readonly version_id: string;
  readonly offering_id: string;
  readonly tenant_id: number;
  readonly code: string;
  readonly name: string;
  readonly priority: number;
  readonly period_kind: PeriodKind;
  readonly period_length: number;
  readonly auto_renew: boolean;
  readonly unpaid_renewal: UnpaidRenewal;
  readonly paid_renewal_starts: PaidRenewalStart;
  readonly payment_modes: PaymentMode[];
  readonly is_slice: boolean;
}

export const SELECT_OFFERINGS = `
  select v.id::text as version_id, v.offering_id::text, v.tenant_id, o.code, v.name, v.priority, v.period_kind,
         v.period_length, v.auto_renew, v.unpaid_renewal, v.paid_renewal_starts, v.payment_modes,
         s.offering_version_id is not null as is_slice
    from product_offering_version v
    join product_offering o on o.id = v.offering_id
    left join slice_terms s on s.offering_version_id = v.id
   where v.id = any($1::bigint[])`;

export interface PriceRow {
  readonly offering_version_id: string;
  readonly id: string;
  readonly price_id: string;
  readonly code: string;
  readonly version: number;
  readonly price_type: PriceType;
  readonly name: string;
  readonly currency: string;
  readonly unit: Unit;
  readonly per: string;
  readonly amount: string | null;
  readonly is_prorated: boolean;
  readonly is_billed_in_advance: boolean;
  readonly tax_class: string;
  readonly tax_included: boolean;
  readonly revenue_account: string;
  readonly recognition: Recognition;
  readonly list_priced: boolean;
  readonly definition: UsagePriceDefinition | null;
}

const PRICE_COLUMNS = `p.offering_version_id::text, p.id::text, p.price_id::text, i.code, p.version, p.price_type, p.name,
  p.currency, p.unit, p.per::text, p.amount::text, p.is_prorated, p.is_billed_in_advance, p.tax_class, p.tax_included, p.revenue_account,
  p.recognition, p.list_priced, p.definition`;

export const SELECT_PRICES_OF_OFFERINGS = `
  select ${PRICE_COLUMNS} from price_version p join price i on i.id = p.price_id
   where p.offering_version_id = any($1::bigint[]) order by p.id`;

export const SELECT_PRICES = `
  select ${PRICE_COLUMNS} from price_version p join price i on i.id = p.price_id
   where p.id = any($1::bigint[]) order by p.id`;

export interface ListedPriceRow extends PriceRow {
  readonly valid_from_ms: string;
  readonly valid_until_ms: string | null;
}

/** A list price decides until its next version does, so that products of a retired offering keep a price. */
export const SELECT_LIST_PRICES = `
  select ${PRICE_COLUMNS}, (extract(epoch from v.valid_from) * 1000)::bigint::text as valid_from_ms,
         (extract(epoch from lead(v.valid_from) over (partition by p.price_id order by v.valid_from)) * 1000)::bigint::text
           as valid_until_ms
    from price_version p
    join price i on i.id = p.price_id
    join product_offering_version v on v.id = p.offering_version_id
   where p.price_id = any($2::bigint[]) and p.tenant_id = $1 and p.list_priced
     and v.state in ('LAUNCHED', 'RETIRED', 'OBSOLETE') and (v.valid_until is null or v.valid_until > v.valid_from)
   order by p.price_id, v.valid_from`;

export interface AllowanceRow {
  readonly offering_version_id: string;
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly usage_kind: UsageKind;
  readonly unit: Unit;
  readonly quantity: string;
  readonly step: string | null;
  readonly priority: number;
  readonly prefixes: string[];
  readonly conditions: PriceCondition[];
  readonly is_shared: boolean;
  readonly first_grant: FirstGrant;
  readonly renewal: AllowanceRenewal;
  readonly roll_over_maximum: string | null;
  readonly when_used_up: WhenUsedUp;
}

export const SELECT_ALLOWANCES = `
  select offering_version_id::text, id::text, code, name, usage_kind, unit, quantity::text, step::text, priority, prefixes,
         conditions, is_shared, first_grant, renewal, roll_over_maximum::text, when_used_up
    from allowance where offering_version_id = any($1::bigint[]) order by allowance.id`;

export interface TaxRateRow {
  readonly tax_class: string;
  readonly tax_code: string;
  readonly rate: string;
  readonly valid_from_ms: string;
  readonly valid_until_ms: string | null;
}

export const SELECT_TAX_RATES = `
  select tax_class, tax_code, rate::text, (extract(epoch from valid_from) * 1000)::bigint::text as valid_from_ms,
         (extract(epoch from valid_until) * 1000)::bigint::text as valid_until_ms
    from tax_rate where tenant_id = $1 order by tax_class, valid_from`;
