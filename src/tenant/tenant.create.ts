import type { Pool } from 'pg';
import { recordAudit } from '../audit';
import { inTransaction } from '../platform/db';
import { isCurrency } from '../platform/money';
import { timeZoneName } from '../platform/time';
import type { Actor } from './change';
import { readSettings } from './tenant.settings';

/** An operator to be entered on this installation. */
export interface NewTenant {
  /** Name for programs and tokens: small letters, digits and inner hyphens, at most 50. */
  readonly code: string;
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA zone. */
  readonly timeZone: string;
  /** Whether its clock can be moved; never to be changed. */
  readonly isSandbox: boolean;
  /** Business time at which a sandbox begins; null = real time. */
  readonly startsAt: Date | null;
  /** As stored in `tenant.settings`; absent members take the default. */
  readonly settings: unknown;
}

/** What a new tenant lacks or has wrong; the message says what would be right. */
export class TenantRefused extends Error {}

/** Ids are given in the order of coming, from 100 on because the demo's stories name theirs; the lock, whose number no other has, keeps two who come at once from taking the same. */
const LOCK = 'select pg_advisory_xact_lock(7301850)';
const INSERT = `
  insert into tenant (id, code, name, currency, time_zone, is_sandbox, clock_offset_ms, settings)
  select greatest(max(id), 99) + 1, $1, $2, $3, $4, $5, coalesce((extract(epoch from $6::timestamptz - clock_timestamp()) * 1000)::bigint, 0), $7
    from tenant
  having not bool_or(code = $1) is true
  returning id`;

/**
 * Enters a tenant, with its audit row. Running nodes know it within two seconds. It has no catalog, no customers and no
 * tax rates yet: those come by the API.
 * @throws TenantRefused for a code that is taken or a value that does not fit, SettingsInvalid naming a setting's member.
 */
export async function createTenant(pool: Pool, actor: Omit<Actor, 'tenantId'>, tenant: NewTenant): Promise<number> {
  const { code, name, currency, isSandbox, startsAt, settings } = tenant;
  const timeZone = checked(tenant);
  readSettings(settings);
  return inTransaction(pool, async (tx) => {
    await tx.query(LOCK);
    const { rows } = await tx.query<{ id: number }>(INSERT, [code, name, currency, timeZone, isSandbox, startsAt, JSON.stringify(settings)]);
    if (!rows[0]) throw new TenantRefused(`There is a tenant with the code "${code}".`);
    await recordAudit(tx, {
      tenantId: rows[0].id, actor: actor.subject, role: actor.role, operation: 'tenantCreate', objectType: 'Tenant',
      objectId: rows[0].id.toString(), after: { code, currency, isSandbox }, requestId: actor.requestId, result: 'DONE',
    });
    return rows[0].id;
  });
}

/** The zone's own spelling. */
function checked({ code, name, currency, timeZone, isSandbox, startsAt }: NewTenant): string {
  const zone = timeZoneName(timeZone);
  if (!/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/.test(code)) throw new TenantRefused('A code has 1 to 50 small letters, digits and inner hyphens.');
  if (!/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(name) || name.trim() === '') throw new TenantRefused('A name has 1 to 200 characters.');
  if (!isCurrency(currency)) throw new TenantRefused(`"${currency}" is no currency of ISO 4217, such as EUR.`);
  if (zone === null) throw new TenantRefused(`"${timeZone}" is no time zone, such as Europe/Dublin.`);
  if (startsAt !== null && !isSandbox) throw new TenantRefused('Only a sandbox begins at another time than the real one.');
  return zone;
}
