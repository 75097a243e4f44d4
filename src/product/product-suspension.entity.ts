import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../tenant';
import { ProductEntity } from './product.entity';
import type { SuspensionLevel, SuspensionReason } from './product.types';

const KEY = 'product_suspension_pk';

/** One reason that keeps a product, or part of it, from being used for a time. */
@Entity('product_suspension')
@ForeignKey(() => ProductEntity, ['shard', 'productId'], ['shard', 'id'], { name: 'product_suspension_product_fk' })
@Index('product_suspension_root_idx', ['shard', 'rootId'])
@Check('product_suspension_reason_check',
  `reason in ('CUSTOMER', 'NON_PAYMENT', 'FRAUD', 'LOST', 'RENEWAL_UNPAID', 'REGULATOR')`)
@Check('product_suspension_level_check', `level in ('OUTGOING', 'DATA', 'ALL')`)
export class ProductSuspensionEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: KEY })
  shard!: number;

  @Column('bigint', { name: 'root_id', transformer: bigintColumn })
  rootId!: bigint;

  @PrimaryColumn('bigint', { name: 'product_id', primaryKeyConstraintName: KEY, transformer: bigintColumn })
  productId!: bigint;

  @Column('smallint', { name: 'tenant_id' })
  tenantId!: number;

  @PrimaryColumn('text', { primaryKeyConstraintName: KEY })
  reason!: SuspensionReason;

  @Column('text')
  level!: SuspensionLevel;

  @PrimaryColumn('timestamptz', { name: 'valid_from', primaryKeyConstraintName: KEY })
  validFrom!: Date;

  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;
}
