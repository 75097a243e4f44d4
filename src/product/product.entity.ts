import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProductOfferingVersionEntity } from '../catalog/product-offering-version.entity';
import { BillingAccountEntity } from '../party/billing-account.entity';
import { bigintColumn, TenantEntity } from '../tenant';
import type { ProductState } from './product.types';

/** A product as subscribed (TMF637); it lives with the root of its account and is written by the charging path alone. */
@Entity('product')
@ForeignKey(() => BillingAccountEntity, ['shard', 'accountId'], ['shard', 'id'], { name: 'product_account_fk' })
@Index('product_root_idx', ['shard', 'rootId'])
@Index('product_renewal_idx', ['nextRenewalAt', 'shard', 'rootId'], { where: 'next_renewal_at is not null' })
@Index('product_end_idx', ['endedAt', 'shard', 'rootId'], { where: "ended_at is not null and state in ('ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE')" })
@Check('product_shard_check', 'id & 4095 = shard and root_id & 4095 = shard')
@Check('product_state_check',
  `state in ('CREATED', 'PENDING_ACTIVE', 'ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE', 'TERMINATED', 'CANCELLED', 'ABORTED')`)
export class ProductEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'product_pk' })
  shard!: number;

  @Column('bigint', { name: 'root_id', transformer: bigintColumn })
  rootId!: bigint;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'product_pk', transformer: bigintColumn })
  id!: bigint;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'product_tenant_fk' })
  tenantId!: number;

  @Column('bigint', { name: 'account_id', transformer: bigintColumn })
  accountId!: bigint;

  @Column('bigint', { name: 'offering_version_id', transformer: bigintColumn })
  @ForeignKey(() => ProductOfferingVersionEntity, { name: 'product_offering_version_fk' })
  offeringVersionId!: bigint;

  /** The product whose identifiers this add-on serves too. */
  @Column('bigint', { name: 'attached_to', nullable: true, transformer: bigintColumn })
  attachedTo!: bigint | null;

  /** The bundle whose component it is: a product of the same account. */
  @Column('bigint', { name: 'bundled_in', nullable: true, transformer: bigintColumn })
  bundledIn!: bigint | null;

  /** Serves every identifier of the account. */
  @Column('boolean', { name: 'account_wide' })
  accountWide!: boolean;

  @Column('text')
  state!: ProductState;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** From which periods are counted. */
  @Column('timestamptz', { name: 'anchor_at' })
  anchorAt!: Date;

  @Column('timestamptz', { name: 'period_start', nullable: true })
  periodStart!: Date | null;

  @Column('timestamptz', { name: 'period_end', nullable: true })
  periodEnd!: Date | null;

  @Column('timestamptz', { name: 'next_renewal_at', nullable: true })
  nextRenewalAt!: Date | null;

  @Column('timestamptz', { name: 'unpaid_since', nullable: true })
  unpaidSince!: Date | null;

  /** What it becomes at its next renewal. */
  @Column('bigint', { name: 'next_offering_version_id', nullable: true, transformer: bigintColumn })
  @ForeignKey(() => ProductOfferingVersionEntity, { name: 'product_next_version_fk' })
  nextOfferingVersionId!: bigint | null;

  /** What it was: offering versions with the instant until which, the oldest first. */
  @Column('json', { name: 'former_versions', default: [] })
  formerVersions!: { id: string; until: number }[];
  /** End of the time for which the customer committed. */
  @Column('timestamptz', { name: 'contract_ends_at', nullable: true })
  contractEndsAt!: Date | null;

  /** The buyer's own number of the order that made it; it stands on bills. */
  @Column('text', { name: 'purchase_order', nullable: true })
  purchaseOrder!: string | null;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
