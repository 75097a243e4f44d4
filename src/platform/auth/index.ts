/** Who is calling: tokens to callers, revocation, and the demo's own key. */
export * from './auth.errors';
export * from './auth.options';
export * from './auth.service';
export * from './caller';
export * from './demo';
export * from './demo-key';
export * from './key-source';
export * from './revoke';
