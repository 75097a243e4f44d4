import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TenantEntity } from './tenant.entity';

/** A sender of usage that a tenant knows, with its own patience for late records. */
@Entity('usage_source')
@Check('usage_source_late_check', 'late_limit_days > 0')
export class UsageSourceEntity {
  @PrimaryColumn('smallint', { name: 'tenant_id', primaryKeyConstraintName: 'usage_source_pk' })
  @ForeignKey(() => TenantEntity, { name: 'usage_source_tenant_fk' })
  tenantId!: number;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'usage_source_pk' })
  code!: string;

  /** Days after which its usage is quarantined as late. */
  @Column('integer', { name: 'late_limit_days' })
  lateLimitDays!: number;

  /** An audited import of history, which has no late limit of its own tenant. */
  @Column('boolean', { name: 'is_historical', default: false })
  isHistorical!: boolean;
}
