import { identityOf, LiveApi, Told } from '../live-api';
import { RootCase, UNOWNED } from './cases.types';
import { declaredRoles, distinctBytes, expectedOf, leaks, outcomeOf, Swept } from './expectation';
import { OwnerName, OWNERS, SWEPT } from './scopes';
import type { Owned } from './world';

/** Where a sweep takes place. */
export interface Ground {
  readonly api: LiveApi;
  readonly world: Readonly<Record<OwnerName, Owned>>;
}

let serial = 0;

/** Every identity × every probe × every owner of one field. */
export function callsOf(field: string, { probes }: RootCase): Swept[] {
  const roles = declaredRoles().get(field) ?? [];
  return SWEPT.map(identityOf).flatMap((identity) => Object.entries(probes).flatMap(([probeName, probe]) =>
    (probe.scope === UNOWNED ? ['nobody' as const] : OWNERS).map((owner) => ({
      identity, probeName, probe, owner, expected: expectedOf(roles, identity, probe, owner),
    }))));
}

function make({ api, world }: Ground, { document }: RootCase, { identity, probe, owner }: Swept): Promise<Told> {
  serial += 1;
  return api.ask(identity.name, document, probe.name(world[owner], { identity, serial: `sweep-${serial}` }));
}

/** Sends calls and compares outcome, marks and bytes; the list of all that is wrong. */
export async function sweep(ground: Ground, field: string, root: RootCase, calls: readonly Swept[]): Promise<string[]> {
  const wrong: string[] = [];
  const refusals = new Map<string, Told[]>();
  for (const call of calls) {
    const told = await make(ground, root, call);
    wrong.push(...judge(ground, field, call, told));
    if (call.expected === 'SERVED') continue;
    const group = `${call.identity.name} ${field} ${call.probeName}`;
    refusals.set(group, [...(refusals.get(group) ?? []), told]);
  }
  for (const [group, answers] of refusals) {
    const distinct = distinctBytes(answers);
    if (distinct.length > 1) wrong.push(`${group} tells refusals apart: ${distinct.join(' | ')}`);
  }
  return wrong;
}

function judge({ world }: Ground, field: string, { identity, probeName, probe, owner, expected }: Swept, told: Told): string[] {
  const where = `${identity.name} ${field} ${probeName} of ${owner}`;
  const isServed = expected === 'SERVED';
  const outcome = outcomeOf(field, told, isServed ? probe.mayRefuse : []);
  const seen = leaks(told, identity, world, isServed ? owner : null);
  return [
    ...(outcome === expected ? [] : [`${where}: ${outcome} instead of ${expected}; ${told.text.slice(0, 300)}`]),
    ...(seen.length === 0 ? [] : [`${where} shows ${seen.join(', ')}`]),
  ];
}
