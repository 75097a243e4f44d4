import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { encodeId, NodeType } from '../platform/graphql';
import type { CauseRecord } from './sql/select-entries';

const KINDS = {
  USAGE: 'A usage was charged or refused.',
  FEE: 'A one-time or recurring fee was taken.',
  REFUND: 'A charge was given back, in part or whole.',
  TOP_UP: 'A top-up.',
  ADJUSTMENT: 'A correction.',
  TRANSFER: 'Money went to, or came from, another account.',
  ACTIVATION: 'A product began.',
  TERMINATION: 'A product was ended.',
  RENEWAL: 'A period of a product began.',
  EXPIRY: 'Something lapsed.',
  PRODUCT_CHANGE: 'A product was suspended, resumed, or got another offering.',
  MIGRATION: 'A balance was brought from another system.',
  PAYMENT: 'Bills were paid.',
  CREDIT_NOTE: 'A bill was corrected by a credit note.',
  BILL: 'A bill was made, and rounded.',
} as const;
export type BalanceCauseKind = keyof typeof KINDS;
const BalanceCauseKindEnum = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, kind])) as { [K in BalanceCauseKind]: K };
registerEnumType(BalanceCauseKindEnum, {
  name: 'BalanceCauseKind',
  description: 'What moved a balance.',
  valuesConfig: Object.fromEntries(Object.entries(KINDS).map(([kind, description]) => [kind, { description }])) as
    { [K in BalanceCauseKind]: { description: string } },
});

@ObjectType('BalanceCause', { simpleResolvers: true, description: 'What moved a balance, with the ids by which it can be looked up.' })
export class BalanceCause {
  @Field(() => BalanceCauseKindEnum, { description: 'What it was.' })
  readonly kind!: BalanceCauseKind;

  @Field(() => ID, { nullable: true, description: 'Id of the charge; null where none was made.' })
  readonly chargeId!: string | null;

  @Field(() => String, { nullable: true, description: 'The sender\'s own id of the usage; null where it was no usage.' })
  readonly usageId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the top-up, adjustment or transfer; null where it was none.' })
  readonly moveId!: string | null;

  /** The account whose usage, fee or refund it was; null for other moves. */
  readonly accountKey!: bigint | null;
}

/** Kinds of charges that are no usage. */
const FEES: ReadonlySet<string> = new Set(['RECURRING_FEE', 'ONE_TIME_FEE']);

const OPERATIONS: Readonly<Record<string, { readonly kind: BalanceCauseKind; readonly node?: NodeType }>> = {
  TOP_UP: { kind: 'TOP_UP', node: 'TopUp' },
  ADJUST: { kind: 'ADJUSTMENT', node: 'Adjustment' },
  TRANSFER: { kind: 'TRANSFER', node: 'Transfer' },
  TRANSFER_IN: { kind: 'TRANSFER', node: 'Transfer' },
  REFUND: { kind: 'REFUND' },
  ACTIVATE: { kind: 'ACTIVATION' },
  TERMINATE: { kind: 'TERMINATION' },
  RENEWAL: { kind: 'RENEWAL' },
  EXPIRY: { kind: 'EXPIRY' },
  BEGIN: { kind: 'ACTIVATION' },
  CHANGE_OFFERING: { kind: 'PRODUCT_CHANGE' },
  SUSPEND: { kind: 'PRODUCT_CHANGE' },
  RESUME: { kind: 'PRODUCT_CHANGE' },
  WITHDRAW_END: { kind: 'PRODUCT_CHANGE' },
  MIGRATE: { kind: 'MIGRATION' },
  PAYMENT: { kind: 'PAYMENT' },
  CREDIT_NOTE: { kind: 'CREDIT_NOTE' },
  BILL_ROUNDING: { kind: 'BILL' },
};

/** The cause at a place; null where nothing stands there that a balance can show. */
export function causeOf(row: CauseRecord): BalanceCause | null {
  if (row.kind !== null) {
    const kind = row.is_refund ? 'REFUND' : FEES.has(row.kind) ? 'FEE' : 'USAGE';
    return {
      kind, chargeId: encodeId('Charge', row.root_id, row.position), usageId: kind === 'USAGE' ? row.event_id : null, moveId: null,
      accountKey: row.account_id === null ? null : BigInt(row.account_id),
    };
  }
  const operation = OPERATIONS[row.operation ?? ''];
  if (!operation) return null;
  const { kind, node } = operation;
  return { kind, chargeId: null, usageId: null, moveId: node ? encodeId(node, row.root_id, row.position) : null, accountKey: null };
}
