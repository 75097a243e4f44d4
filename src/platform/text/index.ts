/** What texts of any room must not hold. */
export * from './card-number';
export * from './reason';
