/**
 * The tour: one story told through the API, from an empty catalog to a month that is billed, shared and reconciled. A
 * client like any other: it knows the examples, an address and tokens, and nothing of the rooms.
 */
export { EXAMPLES_FOLDER, exampleFiles, readExample } from './example';
export type { ExampleOperation } from './example';
export { TourFailed, Unexpected } from './failure';
export { claimsOf, IDENTITIES } from './identities';
export { STEPS } from './steps';
export { SILENT, teller } from './teller';
export type { Teller } from './teller';
export { takeTour } from './tour';
export type { TourHost, TourResult } from './tour';
