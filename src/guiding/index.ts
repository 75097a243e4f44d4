/** Guiding: whose usage is it? By the identifier's owner at the event's time, from facts cached by the root's setup version. */
export * from './setup.types';
export * from './setup.cache';
export * from './guide.rules';
export { SetupLoader } from './setup.loader';
