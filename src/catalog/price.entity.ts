import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { TenantEntity } from '../tenant';
import { ProductOfferingEntity } from './product-offering.entity';
import type { PriceType } from './terms.types';

/** The lasting identity of a price: what products are assigned to, whichever version of it they pay. Ids are decimal text. */
@Entity('price')
@Unique('price_code_key', ['offeringId', 'code'])
@Check('price_type_check', `price_type in ('ONE_TIME', 'RECURRING', 'USAGE')`)
export class PriceEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'price_pk' })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'price_tenant_fk' })
  tenantId!: number;

  @Column('bigint', { name: 'offering_id' })
  @ForeignKey(() => ProductOfferingEntity, { name: 'price_offering_fk' })
  offeringId!: string;

  @Column('text')
  code!: string;

  @Column('text', { name: 'price_type' })
  priceType!: PriceType;
}
