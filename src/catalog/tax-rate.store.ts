import { parseDecimal, pow10 } from '../platform/money';
import { refuse, UserError } from '../platform/errors';
import type { Change } from '../tenant';
import { raiseCatalogVersion } from './catalog.lock';
import { CODE_FORM, isCode, Problems } from './problem.rules';
import { TaxRateEntity } from './tax-rate.entity';

export interface TaxRateInput {
  readonly taxClass: string;
  readonly taxCode: string;
  /** Fraction as decimal text: "0.23". */
  readonly rate: string;
  /** Null = now. Only the first rate of a class may start in the past. */
  readonly validFrom: Date | null;
}

/** Everything wrong with a tax rate that can be told without the database. */
export function taxRateProblems({ taxClass, taxCode, rate }: TaxRateInput): UserError[] {
  const problems = new Problems();
  problems.need(isCode(taxClass), ['taxClass'], `The tax class ${CODE_FORM}`);
  problems.need(isCode(taxCode), ['taxCode'], `The tax code ${CODE_FORM}`);
  problems.need(isRate(rate), ['rate'], 'The rate must be a fraction from 0 to below 1 with at most six decimals, such as "0.23".');
  return problems.errors;
}

function isRate(text: string): boolean {
  const rate = parseDecimal(text);
  return rate !== null && rate.unscaled >= 0n && rate.scale <= 6 && rate.unscaled < pow10(rate.scale);
}

/** Sets the rate of a class from an instant on and ends the one before it there, under the catalog's lock. */
export async function storeTaxRate({ manager, client }: Change, tenantId: number, input: TaxRateInput): Promise<TaxRateEntity> {
  const now = await raiseCatalogVersion(client, tenantId);
  const { taxClass, taxCode, rate } = input;
  const validFrom = input.validFrom ?? now;
  const last = await manager.findOne(TaxRateEntity, { where: { tenantId, taxClass }, order: { validFrom: 'DESC' } });
  if (last && validFrom < now) refuse('INVALID_INPUT', 'Only the first rate of a class may start in the past.', ['validFrom']);
  if (last && validFrom <= last.validFrom) {
    refuse('CONFLICT', `A rate of this class starts at ${last.validFrom.toISOString()}; the next one starts later.`, ['validFrom']);
  }
  if (last) await manager.update(TaxRateEntity, { id: last.id }, { validUntil: validFrom });
  return manager.save(TaxRateEntity, { tenantId, taxClass, taxCode, rate, validFrom });
}
