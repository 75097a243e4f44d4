import { Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PriceVersionEntity } from '../catalog/price-version.entity';
import { PriceEntity } from '../catalog/price.entity';
import { bigintColumn } from '../tenant';
import { ProductEntity } from './product.entity';

const KEY = 'price_assignment_pk';

/** Which version of a price a product pays from when to when; the one in force at the event's time decides. */
@Entity('price_assignment')
@ForeignKey(() => ProductEntity, ['shard', 'productId'], ['shard', 'id'], { name: 'price_assignment_product_fk' })
@Index('price_assignment_root_idx', ['shard', 'rootId'])
@Exclusion('price_assignment_overlap_excl',
  'using gist (shard with =, product_id with =, price_id with =, tstzrange(valid_from, valid_until) with &&)')
export class PriceAssignmentEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: KEY })
  shard!: number;

  @Column('bigint', { name: 'root_id', transformer: bigintColumn })
  rootId!: bigint;

  @PrimaryColumn('bigint', { name: 'product_id', primaryKeyConstraintName: KEY, transformer: bigintColumn })
  productId!: bigint;

  @Column('smallint', { name: 'tenant_id' })
  tenantId!: number;

  @PrimaryColumn('bigint', { name: 'price_id', primaryKeyConstraintName: KEY, transformer: bigintColumn })
  @ForeignKey(() => PriceEntity, { name: 'price_assignment_price_fk' })
  priceId!: bigint;

  @Column('bigint', { name: 'price_version_id', transformer: bigintColumn })
  @ForeignKey(() => PriceVersionEntity, { name: 'price_assignment_version_fk' })
  priceVersionId!: bigint;

  @PrimaryColumn('timestamptz', { name: 'valid_from', primaryKeyConstraintName: KEY })
  validFrom!: Date;

  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;

  @Column('timestamptz', { name: 'recorded_at', default: () => 'clock_timestamp()' })
  recordedAt!: Date;
}
