import type { AuthService } from './auth.service';

declare module '../../context' {
  interface Services {
    /** Tokens to callers, and who was revoked. */
    readonly auth: AuthService;
  }
}
