import { createLogger, describeError } from './logger';

test('a database error keeps its code and places and loses the values', () => {
  const error = Object.assign(new Error('duplicate key value violates "identifier_key": (353861234567) for \'Alice Murphy\''), {
    code: '23505', constraint: 'identifier_key', table: 'identifier', detail: 'Key (value)=(353861234567) already exists.',
  });
  const described = describeError(error);
  expect(described).toMatchObject({ name: 'Error', code: '23505', constraint: 'identifier_key', table: 'identifier' });
  expect(JSON.stringify(described)).not.toMatch(/353861234567|Alice|already exists/);
  expect(described.stack[0]).toMatch(/^at /);
});

test('a cause is described by the same rule', () => {
  const described = describeError(new Error('outer', { cause: new Error('token "abc" of 4111111111111111') }));
  expect(described.cause?.message).toBe('token "…" of …');
});

test('what is no Error is not repeated', () => {
  expect(describeError('secret')).toEqual({ name: 'string', message: 'Something that is no Error was thrown.', stack: [] });
});

test('an error is logged alike as itself and as its description', () => {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line: string) => void lines.push(line) });
  const error = new Error('no "secret"');
  log.error({ err: error }, 'failed');
  log.error({ err: describeError(error) }, 'failed');
  const [direct, handed] = lines.map((line) => (JSON.parse(line) as { err: unknown }).err);
  expect(direct).toMatchObject({ name: 'Error', message: 'no "…"' });
  expect(handed).toEqual(direct);
});
