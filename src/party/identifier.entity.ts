import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../tenant/bigint-column';
import { TenantEntity } from '../tenant/tenant.entity';
import type { IdentifierKind } from '../usage/usage.types';

const KEY = 'identifier_pk';

/**
 * Who owned a number (or another key of usage) from when to when. Keyed by the value, because ownership at an instant is
 * unique over all roots and shards of a tenant.
 */
@Entity('identifier')
@Index('identifier_root_idx', ['shard', 'rootId'])
@Check('identifier_kind_check', `kind in ('MSISDN', 'IMSI', 'SIP_URI', 'DEVICE_ID', 'LINE_ID', 'ICCID')`)
@Check('identifier_range_check', 'valid_until is null or valid_until > valid_from')
@Exclusion('identifier_owner_excl',
  'using gist (tenant_id with =, kind with =, value with =, tstzrange(valid_from, valid_until) with &&)')
export class IdentifierEntity {
  @PrimaryColumn('smallint', { name: 'tenant_id', primaryKeyConstraintName: KEY })
  @ForeignKey(() => TenantEntity, { name: 'identifier_tenant_fk' })
  tenantId!: number;

  @PrimaryColumn('text', { primaryKeyConstraintName: KEY })
  kind!: IdentifierKind;

  /** As `normaliseIdentifier` spells it. */
  @PrimaryColumn('text', { primaryKeyConstraintName: KEY })
  value!: string;

  @PrimaryColumn('timestamptz', { name: 'valid_from', primaryKeyConstraintName: KEY })
  validFrom!: Date;

  /** First instant at which the account no longer owns it; null = open. */
  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;

  @Column('smallint')
  shard!: number;

  @Column('bigint', { name: 'root_id', transformer: bigintColumn })
  rootId!: bigint;

  @Column('bigint', { name: 'account_id', transformer: bigintColumn })
  accountId!: bigint;

  @Column('bigint', { name: 'product_id', nullable: true, transformer: bigintColumn })
  productId!: bigint | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
