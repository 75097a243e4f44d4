import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Unit } from '../platform/money';
import { TenantEntity } from '../tenant';
import { PriceEntity } from './price.entity';
import type { Recognition, UsagePriceDefinition } from './price.types';
import { ProductOfferingVersionEntity } from './product-offering-version.entity';
import type { PriceType } from './terms.types';

/** What a price says in one version of its offering; the application can insert it and never change it. Ids are decimal text. */
@Entity('price_version')
@Unique('price_version_number_key', ['priceId', 'version'])
@Index('price_version_offering_version_idx', ['offeringVersionId'])
@Check('price_version_type_check',
  `case price_type when 'USAGE' then definition is not null and amount is null else amount is not null and definition is null end`)
@Check('price_version_unit_check', `unit in ('BYTE', 'SECOND', 'EVENT')`)
@Check('price_version_per_check', 'per > 0')
@Check('price_version_recognition_check', `recognition in ('AT_POINT', 'OVER_PERIOD')`)
export class PriceVersionEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'price_version_pk',
  })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'price_version_tenant_fk' })
  tenantId!: number;

  @Column('bigint', { name: 'price_id' })
  @ForeignKey(() => PriceEntity, { name: 'price_version_price_fk' })
  priceId!: string;

  @Column('bigint', { name: 'offering_version_id' })
  @ForeignKey(() => ProductOfferingVersionEntity, { name: 'price_version_offering_version_fk' })
  offeringVersionId!: string;

  @Column('integer')
  version!: number;

  @Column('text', { name: 'price_type' })
  priceType!: PriceType;

  @Column('text')
  name!: string;

  /** ISO 4217. */
  @Column('text')
  currency!: string;

  @Column('text')
  unit!: Unit;

  /** Units that the amounts are for. */
  @Column('bigint')
  per!: string;

  /** Decimal money text; null on a usage price. */
  @Column('numeric', { precision: 30, scale: 12, nullable: true })
  amount!: string | null;

  @Column('boolean', { name: 'is_prorated', default: false })
  isProrated!: boolean;

  /** Of a recurring price: its periods that begin with a bill cycle are billed with the one that ends there. */
  @Column('boolean', { name: 'is_billed_in_advance', default: false })
  isBilledInAdvance!: boolean;

  @Column('text', { name: 'tax_class' })
  taxClass!: string;

  @Column('boolean', { name: 'tax_included' })
  taxIncluded!: boolean;

  /** Code in the chart of accounts. */
  @Column('text', { name: 'revenue_account' })
  revenueAccount!: string;

  @Column('text')
  recognition!: Recognition;

  @Column('boolean', { name: 'list_priced', default: false })
  listPriced!: boolean;

  @Column('json', { nullable: true })
  definition!: UsagePriceDefinition | null;
}
