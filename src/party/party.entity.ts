import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TenantEntity } from '../tenant/tenant.entity';

export const PARTY_STATES = ['INITIALIZED', 'VALIDATED', 'DECEASED', 'CLOSED'] as const;
export type PartyState = (typeof PARTY_STATES)[number];
export type PartyKind = 'INDIVIDUAL' | 'ORGANIZATION';

/** The natural or legal person behind a role (TMF632). Names live here and nowhere else. */
@Entity('party')
@Index('party_tenant_created_idx', ['tenantId', 'createdAt', 'id'])
@Check('party_kind_check', `kind in ('INDIVIDUAL', 'ORGANIZATION')`)
@Check('party_name_check', `case kind when 'INDIVIDUAL' then family_name is not null else trading_name is not null end`)
@Check('party_state_check', `state in ('INITIALIZED', 'VALIDATED', 'DECEASED', 'CLOSED')`)
export class PartyEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'party_pk' })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'party_tenant_fk' })
  tenantId!: number;

  @Column('text')
  kind!: PartyKind;

  @Column('text', { name: 'given_name', nullable: true })
  givenName!: string | null;

  @Column('text', { name: 'family_name', nullable: true })
  familyName!: string | null;

  @Column('text', { name: 'trading_name', nullable: true })
  tradingName!: string | null;

  @Column('text', { default: 'INITIALIZED' })
  state!: PartyState;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
