import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../tenant/bigint-column';
import { TenantEntity } from '../tenant/tenant.entity';

/** Accounts that draw on one root's buckets and credit limit. A root has one group at most, so the root is its key. */
@Entity('sharing_group')
export class SharingGroupEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'sharing_group_pk' })
  shard!: number;

  @PrimaryColumn('bigint', { name: 'root_id', primaryKeyConstraintName: 'sharing_group_pk', transformer: bigintColumn })
  rootId!: bigint;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'sharing_group_tenant_fk' })
  tenantId!: number;

  @Column('text')
  name!: string;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
