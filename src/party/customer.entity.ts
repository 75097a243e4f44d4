import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { bigintColumn } from '../tenant/bigint-column';
import { TenantEntity } from '../tenant/tenant.entity';
import { PartyEntity } from './party.entity';

export const SEGMENTS = ['CONSUMER', 'BUSINESS', 'WHOLESALE'] as const;
export type Segment = (typeof SEGMENTS)[number];

export const CUSTOMER_STATES = ['ACTIVE', 'SUSPENDED', 'CLOSED'] as const;
export type CustomerState = (typeof CUSTOMER_STATES)[number];

/** A party in the role of a buyer (TMF629); it owns billing accounts. */
@Entity('customer')
@Unique('customer_external_key', ['tenantId', 'externalId'])
@Index('customer_tenant_created_idx', ['tenantId', 'createdAt', 'id'])
@Index('customer_party_idx', ['partyId'])
@Check('customer_segment_check', `segment in ('CONSUMER', 'BUSINESS', 'WHOLESALE')`)
@Check('customer_state_check', `state in ('ACTIVE', 'SUSPENDED', 'CLOSED')`)
export class CustomerEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'customer_pk' })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'customer_tenant_fk' })
  tenantId!: number;

  @Column('bigint', { name: 'party_id', transformer: bigintColumn })
  @ForeignKey(() => PartyEntity, { name: 'customer_party_fk' })
  partyId!: bigint;

  /** The customer's key in the operator's own CRM. */
  @Column('text', { name: 'external_id', nullable: true })
  externalId!: string | null;

  @Column('text', { default: 'CONSUMER' })
  segment!: Segment;

  @Column('text', { default: 'ACTIVE' })
  state!: CustomerState;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
