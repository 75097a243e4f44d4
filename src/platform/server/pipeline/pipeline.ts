import {
  DocumentNode, FragmentDefinitionNode, getOperationAST, GraphQLError, GraphQLSchema, Kind, OperationDefinitionNode, parse, validate,
} from 'graphql';
import type { Caller } from '../../auth/caller';
import { requestError } from '../../graphql/request-error';
import { Cost, CostBudget } from './cost-budget';
import { DocumentCache } from './document-cache';
import { checkSize } from './document-size';
import { LIMITS } from './limits';
import { estimateNodes, OperationPlan, planOperation, Variables } from './operation-plan';
import { checkSubscriptionRoots } from './subscription-root';

export type Transport = 'http' | 'ws';

/** A request that does not reach execution, with what its caller is told. */
export class RequestRefused extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super('The request was refused.');
  }
}

/** Who asks, from where, and over which transport. */
export interface Asker {
  readonly caller: Caller;
  readonly address: string;
  readonly transport: Transport;
}

/** A document that does not parse or fit costs about as much as answering a small one. */
const COST_OF_REFUSAL = 5;
const COST_OF_MUTATION = 10;
const MOST_VALIDATION_ERRORS = 20;

const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, { nodes: error.nodes, source: error.source, positions: error.positions, extensions: { code } });

/**
 * The one road of every operation, whichever transport brought it: parse, sizes, validation (once per document), then
 * per request transport, introspection, page sizes, money moves and the caller's cost. Authorization is on the root
 * fields, error masking in `present-error.ts`.
 */
export class OperationPipeline {
  readonly documents = new DocumentCache();
  private readonly plans = new WeakMap<OperationDefinitionNode, OperationPlan>();

  constructor(
    readonly schema: GraphQLSchema,
    /** Whether this caller may ask for the schema itself. */
    private readonly mayIntrospect: (caller: Caller) => boolean,
    private readonly budget: CostBudget,
  ) {}

  /**
   * The valid document of a source text.
   * @throws RequestRefused where it does not parse, is too large or does not fit the schema.
   */
  prepare(source: string, asker: Asker): DocumentNode {
    const known = this.documents.find(source);
    if (known) return known;
    try {
      const document = this.read(source);
      this.documents.add(source, document);
      return document;
    } catch (error) {
      if (error instanceof RequestRefused) this.charge(asker, COST_OF_REFUSAL);
      throw error;
    }
  }

  /**
   * Admits one operation of a prepared document, and takes its cost.
   * @throws RequestRefused
   */
  admit(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables, asker: Asker): Cost {
    return refusing(() => {
      const plan = this.planOf(document, operation);
      checkTransport(plan, asker.transport);
      if (plan.introspects && !this.mayIntrospect(asker.caller)) throw requestError('FORBIDDEN', 'The schema is not shown to you.');
      if (plan.moneyMoves > 1) throw requestError('QUERY_TOO_COMPLEX', 'A request may hold one mutation that moves money or units.');
      const nodes = checkedNodes(plan, variables);
      const changes = plan.type === 'mutation' ? COST_OF_MUTATION * plan.rootFields : 0;
      return this.budget.spend(asker.caller, asker.address, 1 + nodes + changes);
    });
  }

  /**
   * The operation of that name, or the only one.
   * @throws RequestRefused OPERATION_RESOLUTION_FAILURE
   */
  operationOf(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
    const operation = getOperationAST(document, name);
    if (!operation) throw new RequestRefused([requestError('OPERATION_RESOLUTION_FAILURE', 'The document has no operation of that name.')]);
    return operation;
  }

  private read(source: string): DocumentNode {
    const document = parseSource(source);
    refusing(() => {
      checkSize(document);
      checkSubscriptionRoots(document);
    });
    const errors = validate(this.schema, document, undefined, { maxErrors: MOST_VALIDATION_ERRORS });
    if (errors.length > 0) throw new RequestRefused(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
    return document;
  }

  private charge(asker: Asker, points: number): void {
    refusing(() => this.budget.spend(asker.caller, asker.address, points));
  }

  private planOf(document: DocumentNode, operation: OperationDefinitionNode): OperationPlan {
    const known = this.plans.get(operation);
    if (known) return known;
    const fragments = document.definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION);
    const plan = planOperation(this.schema, operation, new Map(fragments.map((fragment) => [fragment.name.value, fragment])));
    this.plans.set(operation, plan);
    return plan;
  }
}

function parseSource(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: LIMITS.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw new RequestRefused([withCode(error, 'GRAPHQL_PARSE_FAILED')]);
    throw error;
  }
}

function checkTransport(plan: OperationPlan, transport: Transport): void {
  const isPush = plan.type === 'subscription';
  if (isPush === (transport === 'ws')) return;
  throw requestError('BAD_REQUEST', isPush ? 'Subscriptions run over the websocket.' : 'The websocket takes subscriptions only.');
}

/** How many objects the operation may give, an event of it where it is a subscription. */
function checkedNodes(plan: OperationPlan, variables: Variables): number {
  const nodes = estimateNodes(plan.lists, variables);
  const [what, limit] = plan.type === 'subscription' ? ['An event of the subscription', LIMITS.eventNodes] : ['The operation', LIMITS.nodes];
  if (nodes > limit) throw requestError('QUERY_TOO_COMPLEX', `${what} may give ${nodes} objects; the limit is ${limit}.`);
  return nodes;
}

/** Runs checks that throw one GraphQLError; the caller of the pipeline sees RequestRefused only. */
function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof GraphQLError) throw new RequestRefused([error]);
    throw error;
  }
}
