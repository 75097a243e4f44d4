import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import { TenantEntity } from '../tenant';

/** The rate of a tax class for a time: one at any instant. Only its end may be set later. */
@Entity('tax_rate')
@Check('tax_rate_rate_check', 'rate >= 0 and rate < 1')
@Exclusion('tax_rate_validity_excl', 'using gist (tenant_id with =, tax_class with =, tstzrange(valid_from, valid_until) with &&)')
export class TaxRateEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT', primaryKeyConstraintName: 'tax_rate_pk' })
  id!: string;

  @Column('smallint', { name: 'tenant_id' })
  @ForeignKey(() => TenantEntity, { name: 'tax_rate_tenant_fk' })
  tenantId!: number;

  @Column('text', { name: 'tax_class' })
  taxClass!: string;

  /** Names the account of the tax: `tax_payable:<code>`. */
  @Column('text', { name: 'tax_code' })
  taxCode!: string;

  /** Fraction as decimal text: "0.230000". */
  @Column('numeric', { precision: 9, scale: 6 })
  rate!: string;

  @Column('timestamptz', { name: 'valid_from' })
  validFrom!: Date;

  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;
}
