import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../tenant/bigint-column';
import { TenantEntity } from '../tenant/tenant.entity';

export const PAYMENT_MODES = ['PREPAID', 'POSTPAID', 'HYBRID'] as const;
export type PaymentMode = (typeof PAYMENT_MODES)[number];

export const ACCOUNT_STATES = ['ACTIVE', 'SUSPENDED', 'CLOSED'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

export const CREDIT_LIMIT_KINDS = ['AMOUNT', 'UNLIMITED'] as const;
export type CreditLimitKind = (typeof CREDIT_LIMIT_KINDS)[number];

/**
 * Where charges land (TMF666). The root, with whom it shares buckets or a credit limit, and the shard are fixed when the
 * account is created; the parent is the tree of an organization and says nothing about money.
 */
@Entity('billing_account')
@Index('billing_account_root_idx', ['shard', 'rootId'])
@Index('billing_account_customer_idx', ['customerId'])
@Index('billing_account_parent_idx', ['parentId'], { where: 'parent_id is not null' })
@Check('billing_account_shard_check', 'id & 4095 = shard and root_id & 4095 = shard')
@Check('billing_account_cycle_check', 'bill_cycle_day between 1 and 31')
@Check('billing_account_mode_check', `payment_mode in ('PREPAID', 'POSTPAID', 'HYBRID')`)
@Check('billing_account_limit_check', `case
  when payment_mode = 'PREPAID' then credit_limit_kind is null and credit_limit is null
  when credit_limit_kind = 'UNLIMITED' then credit_limit is null
  else coalesce(credit_limit_kind = 'AMOUNT' and credit_limit >= 0, false) end`)
@Check('billing_account_state_check', `state in ('ACTIVE', 'SUSPENDED', 'CLOSED')`)
export class BillingAccountEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'billing_account_pk' })
  shard!: number;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'billing_account_pk', transformer: bigintColumn })
  id!: bigint;

  @Column('bigint', { name: 'root_id', transformer: bigintColumn })
  rootId!: bigint;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'billing_account_tenant_fk' })
  tenantId!: number;

  @Column('bigint', { name: 'customer_id', transformer: bigintColumn })
  customerId!: bigint;

  @Column('bigint', { name: 'parent_id', nullable: true, transformer: bigintColumn })
  parentId!: bigint | null;

  @Column('bigint', { name: 'payer_id', transformer: bigintColumn })
  payerId!: bigint;

  @Column('text')
  name!: string;

  /** ISO 4217. */
  @Column('text')
  currency!: string;

  /** IANA zone. */
  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  /** 1 to 31; a shorter month takes its last day. */
  @Column('smallint', { name: 'bill_cycle_day' })
  billCycleDay!: number;

  @Column('text', { name: 'payment_mode' })
  paymentMode!: PaymentMode;

  @Column('text', { name: 'credit_limit_kind', nullable: true })
  creditLimitKind!: CreditLimitKind | null;

  /** Millionths of the currency unit. */
  @Column('bigint', { name: 'credit_limit', nullable: true, transformer: bigintColumn })
  creditLimit!: bigint | null;

  @Column('text', { default: 'ACTIVE' })
  state!: AccountState;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
