import fc from 'fast-check';
import { Conductor, MoveOutcome, UsageResult } from '../../src/charging';
import { amount, formatAmount } from '../../src/platform/money';
import { UsageEvent } from '../../src/usage/usage.types';
import { createTestDatabase, TestDatabase, violationsOf } from '../support';
import { call, WorldAccount, worldConductor } from '../support/world';
import { GROSS_PER_SECOND, ModelAccount, ModelCharge, refund } from './money-model';
import { expectSoundBooks, openScenario, Scenario, subscriber, voice } from './money-scenario';

/** Random lives of two prepaid accounts, against a picture simple enough to be believed. */
const DAY = 86_400_000;
const EURO = 1_000_000n;
/** On a slow machine fewer lives are tried; one that fails is shown as it was found, with its seed. */
const BOUNDS = { interruptAfterTimeLimit: 30_000, endOnFailure: true };
let db: TestDatabase;
let conductor: Conductor;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
});
afterAll(async () => {
  await conductor.drain();
  await db.dispose();
});

const who = fc.integer({ min: 0, max: 1 });
const money = fc.bigInt({ min: 1n, max: 60n * EURO });
const little = fc.bigInt({ min: 1n, max: 3n * EURO });
const use = fc.record({ who, seconds: fc.integer({ min: 1, max: 1_000 }), delivered: fc.boolean(), repeats: fc.boolean() });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('topUp' as const), who, value: money }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('give' as const), who, value: little, days: fc.constantFrom(null, 1, 30) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('use' as const), uses: fc.array(use, { minLength: 1, maxLength: 5 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('refund' as const), which: fc.nat(), part: fc.option(little) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('transfer' as const), who, value: money }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('adjust' as const), who, value: money, isDebit: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance' as const), days: fc.constantFrom(1, 31, 61, 75) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('replay' as const), which: fc.nat(), isChanged: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A request that was answered for good: the same again, and the same key with another body. */
interface Answered {
  again(): Promise<unknown>;
  changed(): Promise<unknown>;
  readonly expected: object;
  readonly refused: object;
}

class Life {
  private readonly clock = { now: 0 };
  private readonly models = [new ModelAccount(this.clock), new ModelAccount(this.clock)];
  private readonly charges: { readonly model: ModelCharge; readonly account: WorldAccount; readonly position: bigint }[] = [];
  private readonly answered: Answered[] = [];
  private keys = 0;

  constructor(private readonly s: Scenario, private readonly accounts: readonly WorldAccount[], private readonly isSingly: boolean) {}

  async live(steps: readonly Step[]): Promise<string[]> {
    const balances: string[] = [];
    for (const one of steps) {
      this.clock.now += 1;
      await this.take(one);
      const shown = await Promise.all(this.accounts.map((account) => this.s.spendable(account)));
      expect(shown).toEqual(this.models.map((model) => formatAmount(amount(model.spendable()), 'EUR')));
      balances.push(...shown.map(String));
    }
    return balances;
  }

  private async take(one: Step): Promise<void> {
    switch (one.kind) {
      case 'topUp': return this.topUp(one.who, one.value);
      case 'give': return this.give(one.who, one.value, one.days);
      case 'use': return this.use(one.uses);
      case 'refund': return this.refund(one.which, one.part);
      case 'transfer': return this.transfer(one.who, one.value);
      case 'adjust': return this.adjust(one.who, one.isDebit ? -one.value : one.value);
      case 'advance': return this.advance(one.days);
      case 'replay': return this.replay(one.which, one.isChanged);
    }
  }

  private async topUp(index: number, value: bigint): Promise<void> {
    const funding = (sum: bigint) => ({ kind: 'AGENT' as const, amount: amount(sum), currency: 'EUR', promotional: false, validUntil: null });
    this.models[index]!.topUp(value);
    await this.move(null, (key, extra) => conductor.topUp(key, { accountId: this.accounts[index]!.id, funding: funding(value + extra) }));
  }

  private async give(index: number, value: bigint, days: number | null): Promise<void> {
    const validUntil = days === null ? null : await conductor.now(this.s.tenantId) + days * DAY;
    const funding = (sum: bigint) => ({ kind: 'AGENT' as const, amount: amount(sum), currency: 'EUR', promotional: true, validUntil });
    this.models[index]!.give(value, days === null ? null : this.clock.now + days * DAY);
    await this.move(null, (key, extra) => conductor.topUp(key, { accountId: this.accounts[index]!.id, funding: funding(value + extra) }));
  }

  private async adjust(index: number, value: bigint): Promise<void> {
    const refusal = this.models[index]!.adjust(value);
    await this.move(refusal, (key, extra) => conductor.adjust(key, { accountId: this.accounts[index]!.id, bucketId: 0, amount: value + extra, reason: 'model' }));
  }

  private async transfer(index: number, value: bigint): Promise<void> {
    const [from, to] = [this.accounts[index]!, this.accounts[1 - index]!];
    const refusal = this.models[index]!.send(this.models[1 - index]!, value);
    await this.move(refusal, (key, extra) => conductor.transfer(key, { fromAccountId: from.id, toAccountId: to.id, amount: amount(value + extra), currency: 'EUR' }));
  }

  private async refund(which: number, part: bigint | null): Promise<void> {
    const charge = this.charges[which % this.charges.length];
    if (!charge) return;
    const { account, position } = charge;
    const refusal = refund(charge.model, part);
    await this.move(refusal, (key, extra) => conductor.refund(key, {
      rootId: account.rootId, position, amount: part === null && extra === 0n ? null : amount((part ?? 0n) + extra), reason: 'GOODWILL',
    }));
  }

  private async advance(days: number): Promise<void> {
    this.clock.now += days * DAY;
    await db.ownerPool.query('update tenant set clock_offset_ms = clock_offset_ms + $2 where id = $1', [this.s.tenantId, days * DAY]);
  }

  private async use(uses: readonly (typeof use extends fc.Arbitrary<infer T> ? T : never)[]): Promise<void> {
    const startedAt = await conductor.now(this.s.tenantId);
    const delivered = uses[0]!.delivered;
    const planned = uses.map((one) => ({ ...one, event: call(numberOf(one.who), BigInt(one.seconds), { tenantId: this.s.tenantId, startedAt }) }));
    const sent = planned.flatMap((one) => (one.repeats ? [one, one] : [one]));
    const results = await this.send(sent.map(({ event }) => event), delivered);
    const seen = new Set<UsageEvent>();
    sent.forEach(({ event, who: index, seconds }, place) => {
      const result = results[place]!;
      expect(result.duplicate).toBe(seen.has(event));
      if (seen.has(event)) return;
      seen.add(event);
      const gross = BigInt(seconds) * GROSS_PER_SECOND;
      const model = this.models[index]!.charge(gross, delivered);
      expect([result.status, result.charge && result.charge.net + result.charge.tax]).toEqual(model ? ['CHARGED', gross] : ['REFUSED', null]);
      if (model) this.charges.push({ model, account: this.accounts[index]!, position: result.charge!.position });
      const send = (body: UsageEvent) => conductor.chargeUsage([body], { delivered, lateLimitDays: null });
      const changed = { ...call(event.subscriber.value, BigInt(seconds + 1), { ...event, quantity: event.quantity }), usageId: event.usageId };
      this.answered.push({
        again: () => send(event), changed: () => send({ ...changed, bodyHash: Buffer.alloc(32, 7) }),
        expected: [{ ...result, duplicate: true }], refused: [{ status: 'QUARANTINED', error: { code: 'USAGE_CONFLICT' } }],
      });
    });
  }

  private async send(events: readonly UsageEvent[], delivered: boolean): Promise<UsageResult[]> {
    const options = { delivered, lateLimitDays: undefined };
    if (!this.isSingly) return conductor.chargeUsage(events, options);
    const results: UsageResult[] = [];
    for (const event of events) results.push(...await conductor.chargeUsage([event], options));
    return results;
  }

  private async move(refusal: string | null, send: (key: ReturnType<Life['key']>, extra: bigint) => Promise<MoveOutcome<unknown>>): Promise<void> {
    const key = this.key();
    const outcome = await send(key, 0n);
    expect(outcome).toMatchObject(refusal === null ? { ok: true, replayed: false } : { ok: false, errors: [{ code: refusal }] });
    // Only what was decided on the money is kept; after any other refusal the same key may be tried again.
    if (refusal !== null && refusal !== 'INSUFFICIENT_BALANCE' && refusal !== 'CONFLICT') return;
    this.answered.push({
      again: () => send(key, 0n), changed: () => send(key, 1n),
      expected: outcome.ok ? { ...outcome, replayed: true } : outcome, refused: { ok: false, errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] },
    });
  }

  private key() {
    const name = `m${(this.keys += 1)}`;
    const { tenantId } = this.s;
    return { tenantId, caller: 'test', key: name, audit: {
      tenantId, actor: 'test', role: 'FINANCE', operation: 'moneyMove', objectType: 'BillingAccount', objectId: '0', requestId: name,
    } };
  }

  private async replay(which: number, isChanged: boolean): Promise<void> {
    const request = this.answered[which % this.answered.length];
    if (!request) return;
    if (isChanged) expect(await request.changed()).toMatchObject(request.refused);
    else expect(await request.again()).toEqual(request.expected);
  }
}

const numberOf = (index: number): string => `35386000000${index + 1}`;

async function born(isSingly: boolean): Promise<{ life: Life; accounts: readonly WorldAccount[] }> {
  const s = await openScenario(db, conductor, '2031-01-10T12:00:00Z');
  await s.offering({ code: 'payg', usage: [{ ...voice('0.60'), taxed: true }] });
  const accounts = [await subscriber(s, numberOf(0), 'payg', null), await subscriber(s, numberOf(1), 'payg', null)];
  return { life: new Life(s, accounts, isSingly), accounts };
}

it('any life of two accounts is what the picture says, and its books are sound', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
    const { life, accounts } = await born(false);
    await life.live(steps);
    for (const { shard } of accounts) expect(await violationsOf(db.appPool, { shard, since: '-infinity' })).toEqual([]);
  }), { ...BOUNDS, numRuns: 30 });
  await expectSoundBooks(db);
}, 120_000);

it('usages one by one come out as in one batch', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 20 }), async (steps) => {
    const [batched, singly] = [await born(false), await born(true)];
    expect(await singly.life.live(steps)).toEqual(await batched.life.live(steps));
  }), { ...BOUNDS, numRuns: 8 });
}, 120_000);
