import type { AuthCheckerFn } from 'type-graphql';
import type { RequestContext } from '../../context';
import type { Role } from '../auth/caller';
import { requestError } from './request-error';

/**
 * Admits the caller where the field names the caller's role. A field without roles admits nobody; one root field without
 * any declaration does not even build (`assertEveryRootFieldDeclaresRoles`). An arrow function, because type-graphql
 * takes anything with a prototype for a class.
 */
export const authChecker: AuthCheckerFn<RequestContext, Role> = ({ context, info }, roles) => {
  const { caller, services } = context;
  if (roles.includes(caller.role)) return true;
  if (caller.role === 'ANONYMOUS') throw requestError('UNAUTHENTICATED', 'Sign in to do this.');
  const refusal = requestError('FORBIDDEN', 'Your role may not do this.');
  if (info.operation.operation !== 'mutation' || !services.roleRefused) throw refusal;
  // What somebody tried who may not is told to who keeps the record, before he is.
  return services.roleRefused(context, info.fieldName).then(() => { throw refusal; });
};
