import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { TenantEntity } from '../tenant';
import { ProductOfferingEntity } from './product-offering.entity';
import { ProductOfferingVersionEntity } from './product-offering-version.entity';

/** One component of an offering version that is a bundle (TMF620 BundledProductOffering). Ids are decimal text. */
@Entity('bundled_offering')
@Unique('bundled_offering_once_key', ['offeringVersionId', 'offeringId'])
@Index('bundled_offering_offering_idx', ['offeringId'])
@Check('bundled_offering_limits_check', 'lower_limit >= 0 and upper_limit between 1 and 49 and lower_limit <= upper_limit')
@Check('bundled_offering_default_check', 'default_count = 0 or default_count between lower_limit and upper_limit')
export class BundledOfferingEntity {
  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'bundled_offering_tenant_fk' })
  tenantId!: number;

  @PrimaryColumn('bigint', { name: 'offering_version_id', primaryKeyConstraintName: 'bundled_offering_pk' })
  @ForeignKey(() => ProductOfferingVersionEntity, { name: 'bundled_offering_version_fk' })
  offeringVersionId!: string;

  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'bundled_offering_pk' })
  ordinal!: number;

  @Column('bigint', { name: 'offering_id' })
  @ForeignKey(() => ProductOfferingEntity, { name: 'bundled_offering_offering_fk' })
  offeringId!: string;

  @Column('smallint', { name: 'lower_limit' })
  lowerLimit!: number;

  @Column('smallint', { name: 'upper_limit' })
  upperLimit!: number;

  @Column('smallint', { name: 'default_count' })
  defaultCount!: number;
}
