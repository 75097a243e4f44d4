import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Unit } from '../platform/money';
import { TenantEntity } from '../tenant';
import type { UsageKind } from '../usage/usage.types';
import type { PriceCondition } from './price.types';
import { ProductOfferingVersionEntity } from './product-offering-version.entity';
import type { AllowanceRenewal, FirstGrant, WhenUsedUp } from './terms.types';

/** Units that a product receives each period; quantities and ids are decimal text. */
@Entity('allowance')
@Unique('allowance_code_key', ['offeringVersionId', 'code'])
@Check('allowance_unit_check', `unit in ('BYTE', 'SECOND', 'EVENT')`)
@Check('allowance_quantity_check', 'quantity > 0 and (step is null or step > 0)')
@Check('allowance_first_grant_check', `first_grant in ('FULL', 'PRORATED')`)
@Check('allowance_renewal_check', `renewal in ('RESET', 'ROLL_OVER')`)
@Check('allowance_roll_over_check', `roll_over_maximum is null or (renewal = 'ROLL_OVER' and roll_over_maximum >= 0)`)
@Check('allowance_used_up_check', `when_used_up in ('CHARGE', 'BLOCK')`)
export class AllowanceEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'allowance_pk' })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'allowance_tenant_fk' })
  tenantId!: number;

  @Column('bigint', { name: 'offering_version_id' })
  @ForeignKey(() => ProductOfferingVersionEntity, { name: 'allowance_offering_version_fk' })
  offeringVersionId!: string;

  @Column('text')
  code!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'usage_kind' })
  usageKind!: UsageKind;

  @Column('text')
  unit!: Unit;

  @Column('bigint')
  quantity!: string;

  @Column('bigint', { nullable: true })
  step!: string | null;

  @Column('smallint', { default: 100 })
  priority!: number;

  @Column('text', { array: true, default: '{}' })
  prefixes!: string[];

  @Column('json', { default: [] })
  conditions!: readonly PriceCondition[];

  @Column('boolean', { name: 'is_shared', default: false })
  isShared!: boolean;

  @Column('text', { name: 'first_grant', default: 'FULL' })
  firstGrant!: FirstGrant;

  @Column('text', { default: 'RESET' })
  renewal!: AllowanceRenewal;

  @Column('bigint', { name: 'roll_over_maximum', nullable: true })
  rollOverMaximum!: string | null;

  @Column('text', { name: 'when_used_up', default: 'CHARGE' })
  whenUsedUp!: WhenUsedUp;
}
