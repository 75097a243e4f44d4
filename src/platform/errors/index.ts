/** Expected errors: codes, the UserError interface of payloads, and Refusal, which carries one out of a use-case. */
export * from './error-code';
export * from './user-error';
