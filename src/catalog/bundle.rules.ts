import { OfferingDraft } from './draft.types';
import { CODE_FORM, isCode, needDistinct, Problems } from './problem.rules';

/** Most products that a bundle may hold at once: with its own product they fit one order, so that one order can end it. */
export const MOST_COMPONENTS = 49;

/** Adds everything wrong with the components of a draft that can be told without the database. */
export function checkComponents(problems: Problems, { code, components = [], autoRenew }: OfferingDraft): void {
  if (components.length === 0) return;
  problems.need(autoRenew, ['autoRenew'], 'A bundle renews by itself: it ends by an order, and its components with it.');
  needDistinct(problems, components.map(({ offering }) => offering), (index) => ['components', `${index}`, 'offering'], 'The component');
  components.forEach(({ offering, lowerLimit, upperLimit, defaultCount }, index) => {
    const at = (field: string): string[] => ['components', `${index}`, field];
    problems.need(isCode(offering), at('offering'), `The code ${CODE_FORM}`);
    problems.need(offering !== code, at('offering'), 'A bundle is no component of itself.');
    problems.need(lowerLimit >= 0, at('lowerLimit'), 'The lower limit must not be negative.');
    problems.need(upperLimit >= 1 && upperLimit >= lowerLimit && upperLimit <= MOST_COMPONENTS, at('upperLimit'),
      `The upper limit must be 1 to ${MOST_COMPONENTS} and no less than the lower limit.`);
    problems.need(defaultCount === 0 || (defaultCount >= lowerLimit && defaultCount <= upperLimit), at('defaultCount'),
      'The default count must lie within the limits, or be 0 where an order must name each one.');
  });
  const total = components.reduce((sum, { upperLimit }) => sum + upperLimit, 0);
  problems.need(total <= MOST_COMPONENTS, ['components'], `A bundle holds at most ${MOST_COMPONENTS} products; the upper limits add up to ${total}.`);
}
