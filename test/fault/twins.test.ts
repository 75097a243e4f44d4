import { violationsOf } from '../support';
import type { UsageResult } from '../../src/charging/charging.api';
import { amount } from '../../src/platform/money';
import { agentKey, call } from '../support/world';
import { DELIVERED, FaultWorld, numberOf, openFaultWorld } from './fault-world';

jest.setTimeout(60_000);

let fault: FaultWorld;
beforeAll(async () => { fault = await openFaultWorld(4, 50n); });
afterAll(() => fault.close());

const spendable = async (index: number) => (await fault.world.conductor.balances(1, [fault.accounts[index]!.id]))[0]!.spendable!;
const chargesOf = async (usageId: string): Promise<number> =>
  (await fault.db.ownerPool.query('select from charge where event_id = $1', [usageId])).rowCount!;
const first = ({ duplicate: _, ...rest }: UsageResult): Omit<UsageResult, 'duplicate'> => rest;

describe('the same usage', () => {
  it('fifty times at once on two nodes, again in one batch, and on a node that just started: one effect, equal answers', async () => {
    const before = await spendable(0);
    const nodes = [fault.world.conductor, fault.node(fault.db.ownerUrl)];
    const event = call(numberOf(0), 120n, { usageId: 'fifty' });
    const answers = (await Promise.all(Array.from({ length: 50 }, (_, index) => nodes[index % 2]!.chargeUsage([event], DELIVERED)))).flat();
    answers.push(...(await nodes[1]!.chargeUsage([event, event, event], DELIVERED)));
    answers.push(...(await fault.node(fault.db.ownerUrl).chargeUsage([event], DELIVERED)));
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    for (const answer of answers) expect(first(answer)).toEqual(first(answers[0]!));
    expect(await chargesOf('fifty')).toBe(1);
    expect(before - (await spendable(0))).toBe(200_000n);
  });

  it('twice in one new batch: one effect', async () => {
    const event = call(numberOf(0), 60n, { usageId: 'twice' });
    const answers = await fault.world.conductor.chargeUsage([event, event], DELIVERED);
    expect(answers.map(({ duplicate }) => duplicate)).toEqual([false, true]);
    expect(first(answers[1]!)).toEqual(first(answers[0]!));
    expect(await chargesOf('twice')).toBe(1);
  });

  it('with another content: the first stands, on whichever node', async () => {
    const node = fault.node(fault.db.ownerUrl);
    const [one, other] = [call(numberOf(0), 60n, { usageId: 'changed' }), call(numberOf(0), 61n, { usageId: 'changed' })];
    await fault.world.conductor.chargeUsage([one], DELIVERED);
    const [answer] = await node.chargeUsage([other], DELIVERED);
    expect(answer).toMatchObject({ status: 'QUARANTINED', error: { code: 'USAGE_CONFLICT' } });
    expect(await chargesOf('changed')).toBe(1);
  });
});

it('the same top-up fifty times at once on two nodes: one effect, equal answers', async () => {
  const before = await spendable(1);
  const nodes = [fault.world.conductor, fault.node(fault.db.ownerUrl)];
  const funding = { kind: 'AGENT' as const, amount: amount(5_000_000n), currency: 'EUR', promotional: false, validUntil: null };
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) =>
    nodes[index % 2]!.topUp(agentKey(1, 'same'), { accountId: fault.accounts[1]!.id, funding })));
  expect((await spendable(1)) - before).toBe(5_000_000n);
  expect(answers.filter((answer) => answer.ok && !answer.replayed)).toHaveLength(1);
  const said = answers.map((answer) => (answer.ok ? JSON.stringify(answer.answer, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)) : 'refused'));
  expect(new Set(said).size).toBe(1);
});

describe('two nodes', () => {
  it('transfer between two buckets in opposite order: exact, and no deadlock reaches a caller', async () => {
    const nodes = [fault.world.conductor, fault.node(fault.db.ownerUrl)];
    const [from, to] = [fault.accounts[2]!, fault.accounts[3]!];
    const before = [await spendable(2), await spendable(3)];
    const outcomes = await Promise.all(Array.from({ length: 80 }, (_, index) => {
      const [giver, taker] = index % 2 ? [from, to] : [to, from];
      return nodes[(index >> 1) % 2]!.transfer({ tenantId: 1, caller: 'test', key: `transfer-${index}` },
        { fromAccountId: giver.id, toAccountId: taker.id, amount: amount(1_000_000n), currency: 'EUR' });
    }));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(80);
    expect([await spendable(2), await spendable(3)]).toEqual(before);
  });

  it('take from one bucket: exactly what was there', async () => {
    const nodes = [fault.world.conductor, fault.node(fault.db.ownerUrl)];
    const has = await spendable(2);
    const takers = Number(has / 100_000n) + 60;
    const results = (await Promise.all(Array.from({ length: takers }, (_, index) =>
      nodes[index % 2]!.chargeUsage([call(numberOf(2), 60n)], DELIVERED)))).flat();
    expect(results.filter(({ status }) => status === 'REFUSED')).toHaveLength(60);
    expect(await spendable(2)).toBe(0n);
  });
});

it('leaves the books sound', async () => expect(await violationsOf(fault.db.ownerPool)).toEqual([]));
