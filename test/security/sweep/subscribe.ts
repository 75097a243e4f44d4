import { setTimeout as sleep } from 'node:timers/promises';
import type { RawSocket } from '../../api/server.fixture';
import { LiveApi, neutral } from '../live-api';
import type { RootCase } from './cases.types';
import type { Swept } from './expectation';
import type { OwnerName } from './scopes';
import type { Owned } from './world';

/** How long a subscription that is not refused is watched: refusals come at once. */
const WATCHED_MS = 400;
/** Subscribes a second that a socket may send. */
const AT_ONCE = 8;

/** Subscribes as every identity to every owner's object over websockets; the list of all that is wrong. */
export async function subscribeAll(api: LiveApi, root: RootCase, calls: readonly Swept[], world: Readonly<Record<OwnerName, Owned>>): Promise<string[]> {
  const names = [...new Set(calls.map(({ identity }) => identity.name))];
  const wrong = await Promise.all(names.map((name) => asOne(api, root, calls.filter(({ identity }) => identity.name === name), world)));
  return wrong.flat();
}

async function asOne(api: LiveApi, { document }: RootCase, calls: readonly Swept[], world: Readonly<Record<OwnerName, Owned>>): Promise<string[]> {
  const { identity: { name } } = calls[0]!;
  const socket = await api.socket(name);
  try {
    for (const [index, call] of calls.entries()) {
      if (index > 0 && index % AT_ONCE === 0) await sleep(1_000);
      socket.subscribe(`${index}`, document, call.probe.name(world[call.owner], { identity: call.identity, serial: '' }));
    }
    await sleep(WATCHED_MS);
    const told = calls.map((_call, index) => messagesOf(socket, `${index}`));
    return [...judged(name, calls, told, world), ...toldApart(name, calls, told)];
  } finally {
    socket.close();
  }
}

/** All that came for one subscription. */
const messagesOf = (socket: RawSocket, id: string): string =>
  neutral(socket.messages.filter((message) => message.id === id).map((message) => JSON.stringify({ ...message, id: '' })).join('\n'));

function judged(name: string, calls: readonly Swept[], told: readonly string[], world: Readonly<Record<OwnerName, Owned>>): string[] {
  return calls.flatMap(({ owner, probeName, expected }, index) => {
    const text = told[index] ?? '';
    const code = /"code":"([A-Z_]+)"/.exec(text)?.[1];
    const outcome = code === undefined ? 'SERVED' : code === 'NOT_FOUND' ? 'ABSENT' : code;
    const where = `${name} ${probeName} of ${owner}`;
    const shown = expected === 'SERVED' ? [] : world[owner].marks.filter((mark) => text.includes(mark));
    return [
      ...(outcome === expected ? [] : [`${where}: ${outcome} instead of ${expected}: ${text.slice(0, 300)}`]),
      ...shown.map((mark) => `${where} shows ${mark}`),
    ];
  });
}

/** Refusals of one probe that differ in any byte. */
function toldApart(name: string, calls: readonly Swept[], told: readonly string[]): string[] {
  const refusals = new Map<string, Set<string>>();
  calls.forEach(({ probeName, expected }, index) => {
    if (expected !== 'SERVED') refusals.set(probeName, (refusals.get(probeName) ?? new Set()).add(told[index] ?? ''));
  });
  return [...refusals].filter(([, texts]) => texts.size > 1).map(([probe, texts]) => `${name} ${probe} tells refusals apart: ${[...texts].join(' | ')}`);
}
