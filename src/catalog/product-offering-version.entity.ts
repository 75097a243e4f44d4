import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { TenantEntity } from '../tenant';
import { ProductOfferingEntity } from './product-offering.entity';
import type { OfferingState } from './offering.types';
import type { PaidRenewalStart, PaymentMode, PeriodKind, UnpaidRenewal } from './terms.types';

/** One version of an offering with its life cycle; once launched only its end may still be set. Ids are decimal text. */
@Entity('product_offering_version')
@Unique('product_offering_version_number_key', ['offeringId', 'version'])
@Check('product_offering_version_state_check',
  `state in ('IN_STUDY', 'IN_DESIGN', 'IN_TEST', 'REJECTED', 'ACTIVE', 'LAUNCHED', 'RETIRED', 'OBSOLETE')`)
@Check('product_offering_version_period_check',
  `period_kind in ('NONE', 'BILL_CYCLE', 'CALENDAR_MONTH', 'MONTH', 'WEEK', 'DAY', 'HOUR') and period_length between 1 and 744`)
@Check('product_offering_version_unpaid_check', `unpaid_renewal in ('SUSPEND', 'CONTINUE_AT_USAGE_PRICES')`)
@Check('product_offering_version_paid_check', `paid_renewal_starts in ('WHEN_PAID', 'ANNIVERSARY')`)
@Check('product_offering_version_range_check', 'valid_until is null or valid_until >= valid_from')
@Exclusion('product_offering_version_launched_excl',
  `using gist (offering_id with =, tstzrange(valid_from, valid_until) with &&) where (state = 'LAUNCHED')`)
export class ProductOfferingVersionEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'product_offering_version_pk',
  })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'product_offering_version_tenant_fk' })
  tenantId!: number;

  @Column('bigint', { name: 'offering_id' })
  @ForeignKey(() => ProductOfferingEntity, { name: 'product_offering_version_offering_fk' })
  offeringId!: string;

  @Column('integer')
  version!: number;

  @Column('text')
  name!: string;

  @Column('text')
  description!: string;

  @Column('text', { default: 'IN_DESIGN' })
  state!: OfferingState;

  @Column('timestamptz', { name: 'valid_from', nullable: true })
  validFrom!: Date | null;

  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;

  @Column('smallint', { default: 100 })
  priority!: number;

  @Column('text', { name: 'payment_modes', array: true })
  paymentModes!: PaymentMode[];

  @Column('text', { name: 'period_kind' })
  periodKind!: PeriodKind;

  @Column('smallint', { name: 'period_length', default: 1 })
  periodLength!: number;

  @Column('boolean', { name: 'auto_renew', default: true })
  autoRenew!: boolean;

  @Column('text', { name: 'unpaid_renewal', default: 'SUSPEND' })
  unpaidRenewal!: UnpaidRenewal;

  @Column('text', { name: 'paid_renewal_starts', default: 'WHEN_PAID' })
  paidRenewalStarts!: PaidRenewalStart;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
