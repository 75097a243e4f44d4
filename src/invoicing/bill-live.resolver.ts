import { Arg, Authorized, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { RequestContext } from '../context';
import { noSuchObject, positionAfter, PulledStream, WakeSignal } from '../live';
import { VisibleAccount, visibleAccounts } from '../party';
import type { Role } from '../platform/auth/caller';
import { CursorScalar, decodeNumericId } from '../platform/graphql';
import { BillPaymentReceived, billNews, CustomerBillIssued, paymentNews } from './bill-live.type';
import { findRun, progressOf } from './bill-run.store';
import { BillRunProgress, progressShown } from './bill-run.type';
import { accountStream, type StreamNews } from './bill-stream';
import { type BillRecord, type PaymentRecord, SELECT_BILLS_AFTER, SELECT_PAYMENTS_AFTER } from './sql/read.sql';

const WATCHERS: readonly Role[] = ['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'];
const LAST_BILL = `select max(d.sequence)::text as last from issued_document d where d.shard = $1 and d.account_id = $2 and d.kind in ('BILL', 'STATEMENT')`;
const LAST_PAYMENT = `select max(p.position)::text as last from bill_payment p where p.shard = $1 and p.account_id = $2`;
/** How often a run's progress is looked at. */
const LOOK_MS = 500;

interface AccountArgs {
  readonly accountId: string;
  readonly after?: string | null;
}

/** Bills, payments and runs as they come. */
@Resolver()
export class BillLiveResolver {
  @Authorized<Role>([...WATCHERS])
  @Subscription(() => CustomerBillIssued, {
    description: 'The bills of an account as they are issued, one by one, without gap or repeat. Ends with NOT_FOUND where the account is not, or no longer, the caller\'s, and with BAD_USER_INPUT for a cursor of another account.',
    subscribe: ({ args, context }) => watch<BillRecord>(args as AccountArgs, context as RequestContext,
      { text: SELECT_BILLS_AFTER, lastText: LAST_BILL, placeOf: (row) => BigInt(row.sequence) }),
  })
  customerBillIssued(
    @Root() news: StreamNews<BillRecord>,
    @Arg('accountId', () => ID, { description: 'The account.' }) _accountId: string,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the last message that was seen; null to begin now.' }) _after?: string | null,
  ): CustomerBillIssued {
    return billNews(news);
  }

  @Authorized<Role>([...WATCHERS])
  @Subscription(() => BillPaymentReceived, {
    description: 'The payments of an account\'s bills as they are recorded, one by one, without gap or repeat. Ends with NOT_FOUND where the account is not, or no longer, the caller\'s, and with BAD_USER_INPUT for a cursor of another account.',
    subscribe: ({ args, context }) => watch<PaymentRecord>(args as AccountArgs, context as RequestContext,
      { text: SELECT_PAYMENTS_AFTER, lastText: LAST_PAYMENT, placeOf: (row) => BigInt(row.position) }),
  })
  billPaymentReceived(
    @Root() news: StreamNews<PaymentRecord>,
    @Arg('accountId', () => ID, { description: 'The account.' }) _accountId: string,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Cursor of the last message that was seen; null to begin now.' }) _after?: string | null,
  ): BillPaymentReceived {
    return paymentNews(news);
  }

  @Authorized<Role>(['FINANCE'])
  @Subscription(() => BillRunProgress, {
    description: 'How far a bill run is: as it stands, then whenever it moved, until it is done. Ends with NOT_FOUND for an unknown run.',
    subscribe: ({ args, context }) => watchRun((args as { billRunId: string }).billRunId, context as RequestContext),
  })
  billRunProgressed(
    @Root() progress: BillRunProgress,
    @Arg('billRunId', () => ID, { description: 'The run.' }) _billRunId: string,
  ): BillRunProgress {
    return progress;
  }
}

interface Stream<R> {
  readonly text: string;
  readonly lastText: string;
  readonly placeOf: (row: R) => bigint;
}

async function watch<R extends object>({ accountId, after }: AccountArgs, context: RequestContext, stream: Stream<R>): Promise<AsyncIterable<StreamNews<R>>> {
  const { services } = context;
  const key = decodeNumericId(accountId, 'BillingAccount');
  const account = key === null ? null : await find(context, key);
  if (!account) throw noSuchObject();
  return accountStream<R>({
    ...stream, live: services.live, pool: services.pool, shard: account.shard, rootId: account.rootId, accountId: account.accountId,
    after: positionAfter(after, account.rootId), isOwner: async () => (await find(context, account.accountId)) !== null,
  });
}

const find = async ({ caller, services }: RequestContext, accountId: bigint): Promise<VisibleAccount | null> =>
  (await visibleAccounts(services.pool, caller, [accountId])).get(accountId.toString()) ?? null;

/** Read again twice a second; what did not move is not told again, and the end of the run ends the stream. */
async function watchRun(id: string, { services: { pool }, caller: { tenantId } }: RequestContext): Promise<AsyncIterable<BillRunProgress>> {
  const key = decodeNumericId(id, 'BillRun');
  if (key === null || !(await findRun(pool, tenantId, key))) throw noSuchObject();
  const signal = new WakeSignal();
  const timer = setInterval(() => signal.ring(), LOOK_MS).unref();
  let [shown, isOver] = ['', false];
  const pull = async (): Promise<BillRunProgress | null> => {
    if (isOver) signal.end();
    const run = await findRun(pool, tenantId, key);
    if (!run || isOver) return null;
    const progress = progressShown(run.state, await progressOf(pool, key));
    isOver = run.state === 'DONE';
    const picture = JSON.stringify(progress);
    if (picture === shown) return null;
    shown = picture;
    return progress;
  };
  return new PulledStream(signal, { pull, close: () => clearInterval(timer) });
}
