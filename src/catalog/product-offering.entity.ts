import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { TenantEntity } from '../tenant';

/** The lasting identity of what is sold; everything that may change stands in its versions. Ids are decimal text. */
@Entity('product_offering')
@Unique('product_offering_code_key', ['tenantId', 'code'])
export class ProductOfferingEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'product_offering_pk',
  })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'product_offering_tenant_fk' })
  tenantId!: number;

  @Column('text')
  code!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
