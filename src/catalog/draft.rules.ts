import { UserError } from '../platform/errors';
import { checkComponents } from './bundle.rules';
import { checkAllowance, isPriority } from './draft-allowance.rules';
import { checkPrice, UsagePriceCheck } from './draft-price.rules';
import { OfferingDraft } from './draft.types';
import { CODE_FORM, isCode, isText, needDistinct, Problems } from './problem.rules';

/** Most parts of one offering version. */
const MOST_PARTS = 100;

/** Everything wrong with a draft that can be told without the database, each with its path; empty when it is sound. */
export function draftProblems(draft: OfferingDraft, check: UsagePriceCheck): UserError[] {
  const problems = new Problems();
  checkHead(problems, draft);
  checkPeriod(problems, draft);
  checkParts(problems, draft);
  draft.prices.forEach((price, index) => checkPrice(problems, price, ['prices', `${index}`], draft, check));
  draft.allowances.forEach((allowance, index) => checkAllowance(problems, allowance, ['allowances', `${index}`], draft));
  checkComponents(problems, draft);
  return problems.errors;
}

function checkHead(problems: Problems, draft: OfferingDraft): void {
  problems.need(isCode(draft.code), ['code'], `The code ${CODE_FORM}`);
  problems.need(isText(draft.name, 200), ['name'], 'The name must be 1 to 200 printable characters and hold no card number.');
  problems.need(isText(draft.description, 2_000), ['description'], 'The description must be 1 to 2000 printable characters and hold no card number.');
  problems.need(isPriority(draft.priority), ['priority'], 'The priority must be 0 to 32767.');
  problems.need(draft.paymentModes.length > 0, ['paymentModes'], 'At least one payment mode must be named.');
  needDistinct(problems, draft.paymentModes, (index) => ['paymentModes', `${index}`], 'The payment mode');
}

function checkPeriod(problems: Problems, { periodKind, periodLength }: OfferingDraft): void {
  const isWhole = Number.isInteger(periodLength) && periodLength >= 1 && periodLength <= 744;
  problems.need(isWhole, ['periodLength'], 'The period length must be 1 to 744.');
  problems.need(!isWhole || periodKind === 'HOUR' || periodLength === 1, ['periodLength'], 'Only a period of hours has a length above 1.');
}

function checkParts(problems: Problems, { prices, allowances, components = [] }: OfferingDraft): void {
  problems.need(prices.length + allowances.length + components.length > 0, ['prices'], 'An offering needs at least one price, allowance or component.');
  problems.need(prices.length <= MOST_PARTS, ['prices'], `At most ${MOST_PARTS} prices fit one offering.`);
  problems.need(allowances.length <= MOST_PARTS, ['allowances'], `At most ${MOST_PARTS} allowances fit one offering.`);
  needDistinct(problems, prices.map(({ code }) => code), (index) => ['prices', `${index}`, 'code'], 'The price code');
  needDistinct(problems, allowances.map(({ code }) => code), (index) => ['allowances', `${index}`, 'code'], 'The allowance code');
  prices.forEach(({ currency }, index) => problems.need(currency === prices[0].currency, ['prices', `${index}`, 'currency'],
    'All prices of one offering have the same currency.'));
}
