import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { bigintColumn } from './bigint-column';

/** One operator (or MVNO) on this installation; everything else belongs to exactly one tenant. */
@Entity('tenant')
@Unique('tenant_code_key', ['code'])
@Check('tenant_clock_check', 'is_sandbox or clock_offset_ms = 0')
export class TenantEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'tenant_pk' })
  id!: number;

  @Column('text')
  code!: string;

  @Column('text')
  name!: string;

  /** ISO 4217. */
  @Column('text')
  currency!: string;

  /** IANA zone. */
  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  /** A sandbox's clock may be moved forward; a real tenant's never. */
  @Column('boolean', { name: 'is_sandbox', default: false })
  isSandbox!: boolean;

  /** Milliseconds that business time is ahead of the database's clock. */
  @Column('bigint', { name: 'clock_offset_ms', default: 0, transformer: bigintColumn })
  clockOffsetMs!: bigint;

  /** Raised with every launch, so that nodes notice that their picture of the catalog is old. */
  @Column('bigint', { name: 'catalog_version', default: 1, transformer: bigintColumn })
  catalogVersion!: bigint;

  /** Read by `readSettings` only. */
  @Column('json')
  settings!: unknown;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
