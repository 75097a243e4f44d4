import 'reflect-metadata';
import { graphql, GraphQLSchema } from 'graphql';
import type { DataSource } from 'typeorm';
import { changeLimit, openBuckets, openRoots } from '../../src/balance';
import type { RequestContext, Services } from '../../src/context';
import {
  AccountMutations, AccountResolver, createPartyServices, CustomerResolver, IdentifierMutations, Individual,
  Organization, PartyMutations, PartyServices, SharingGroupResolver,
} from '../../src/party';
import type { Caller, Role } from '../../src/platform/auth/caller';
import { appDataSource } from '../../src/platform/db';
import { buildHouseSchema, NodeResolver } from '../../src/platform/graphql';
import { createTenantServices, TenantResolver, TenantServices } from '../../src/tenant';
import { createTestDatabase, TestDatabase } from '../support';

export interface Answer {
  readonly data: Record<string, unknown> | null;
  readonly codes: unknown[];
}

/** A database with two tenants (1 a sandbox, 2 not) and the room's part of the API over it. */
export interface PartyWorld {
  readonly database: TestDatabase;
  readonly data: DataSource;
  readonly services: PartyServices & TenantServices;
  /** Runs one operation; every error must carry a code. */
  ask(caller: Caller, document: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Runs a mutation with one input and answers its payload. */
  change<T = Record<string, unknown>>(caller: Caller, mutation: string, selection: string, input: Record<string, unknown>): Promise<T>;
  dispose(): Promise<void>;
}

export const callerOf = (role: Role, tenantId = 1, customerId: bigint | null = null): Caller => ({
  role, tenantId, subject: `${role.toLowerCase()}-${tenantId}`, customerId, partnerId: null, moneyLimit: null, tokenId: 't', expiresAt: null,
});

export const schema: GraphQLSchema = buildHouseSchema([
  NodeResolver, CustomerResolver, AccountResolver, SharingGroupResolver, PartyMutations, AccountMutations, IdentifierMutations, TenantResolver,
], [Individual, Organization]);

export async function openPartyWorld(): Promise<PartyWorld> {
  const database = await createTestDatabase();
  await database.ownerPool.query(`
    insert into tenant (id, code, name, currency, time_zone, is_sandbox, settings) values
      (1, 'one', 'First', 'EUR', 'Europe/Dublin', true, '{"agentCreditLimit": "500"}'), (2, 'two', 'Second', 'EUR', 'Europe/Dublin', false, '{}')`);
  const data = await appDataSource(database.ownerUrl, true).initialize();
  const accountOpening = { openBuckets, openRoots, limitChanged: changeLimit };
  const services = {
    pool: database.appPool, data, accountOpening, ...createPartyServices(data, accountOpening),
    ...createTenantServices(database.appPool, data),
  };
  const ask: PartyWorld['ask'] = async (caller, document, variables = {}) => {
    const result = await graphql({ schema, source: document, variableValues: variables, contextValue: contextOf(services, caller) });
    const failed = result.errors?.find((error) => !error.extensions.code);
    if (failed) throw failed.originalError ?? failed;
    // Through JSON, because graphql-js gives objects without a prototype.
    const shown = JSON.parse(JSON.stringify(result.data ?? null)) as Answer['data'];
    return { data: shown, codes: result.errors?.map((error) => error.extensions.code) ?? [] };
  };
  const change: PartyWorld['change'] = async <T>(caller: Caller, mutation: string, selection: string, input: Record<string, unknown>) => {
    const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const { data: answer } = await ask(caller,
      `mutation($input: ${name}!) { ${mutation}(input: $input) { ${selection} errors { code path } } }`, { input });
    return answer?.[mutation] as T;
  };
  const dispose = async (): Promise<void> => {
    await data.destroy();
    await database.dispose();
  };
  return { database, data, services, ask, change, dispose };
}

function contextOf(services: Partial<Services>, caller: Caller): RequestContext {
  const loaders = new Map<string, unknown>();
  return {
    caller, requestId: 'request-1', services: services as Services,
    loader: <T>(key: string, build: () => T): T => {
      if (!loaders.has(key)) loaders.set(key, build());
      return loaders.get(key) as T;
    },
  };
}
