import { buildSchema } from 'graphql';
import { ANONYMOUS_CALLER } from '../../auth/caller';
import { CostBudget } from './cost-budget';
import { OperationPipeline, RequestRefused } from './pipeline';

const asker = { caller: ANONYMOUS_CALLER, address: '192.0.2.1', transport: 'ws' } as const;

test('a kind of operation that the schema lacks is refused like any other, not thrown', () => {
  const pipeline = new OperationPipeline(buildSchema('type Query { a: Int }'), () => false, new CostBudget());
  const attempt = (): void => {
    const document = pipeline.prepare('subscription { a }', asker);
    pipeline.admit(document, pipeline.operationOf(document, null), null, asker);
  };
  expect(attempt).toThrow(RequestRefused);
});
