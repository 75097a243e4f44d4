/**
 * Rating: pure functions from (usage, price, counters) to an amount with its explanation. No database, no clock, no I/O.
 * The interface here is the one every charge model joins later.
 */
export * from './rating.types';
export { compilePrice } from './compile';
export { validatePrice } from './validate';
export { MalformedPrice, type PriceProblem } from './problem';
export { attributeOf, choosePrice, isCodeOf } from './choose';
export { findRate } from './destinations';
export { priceSpan, governingIncrement } from './price';
export { explainFacts, type ExplainedPiece, type RatingExplanation } from './explain';
export { renderRatingSteps, type RatingRule, type RatingStep } from './render';
