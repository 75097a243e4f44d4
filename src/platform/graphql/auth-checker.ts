import type { AuthCheckerFn } from 'type-graphql';
import type { RequestContext } from '../../context';
import type { Role } from '../auth/caller';
import { requestError } from './request-error';

/**
 * Admits the caller where the field names the caller's role. A field without roles admits nobody; one root field without
 * any declaration does not even build (`assertEveryRootFieldDeclaresRoles`). An arrow function, because type-graphql
 * takes anything with a prototype for a class.
 */
export const authChecker: AuthCheckerFn<RequestContext, Role> = ({ context }, roles) => {
  if (roles.includes(context.caller.role)) return true;
  throw context.caller.role === 'ANONYMOUS'
    ? requestError('UNAUTHENTICATED', 'Sign in to do this.')
    : requestError('FORBIDDEN', 'Your role may not do this.');
};
