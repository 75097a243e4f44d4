import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../tenant/bigint-column';
import { SharingGroupEntity } from './sharing-group.entity';

const KEY = 'sharing_group_member_pk';

/** Which account drew on a group's root, and when: the dated way from an account to its root. */
@Entity('sharing_group_member')
@ForeignKey(() => SharingGroupEntity, ['shard', 'rootId'], ['shard', 'rootId'], { name: 'sharing_group_member_group_fk' })
export class SharingGroupMemberEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: KEY })
  shard!: number;

  @PrimaryColumn('bigint', { name: 'root_id', primaryKeyConstraintName: KEY, transformer: bigintColumn })
  rootId!: bigint;

  @PrimaryColumn('bigint', { name: 'account_id', primaryKeyConstraintName: KEY, transformer: bigintColumn })
  accountId!: bigint;

  @PrimaryColumn('timestamptz', { name: 'valid_from', primaryKeyConstraintName: KEY })
  validFrom!: Date;

  @Column('smallint', { name: 'tenant_id' })
  tenantId!: number;

  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;
}
