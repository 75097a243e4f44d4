import { graphProblem } from './item-graph.rules';

const item = (key: string, ...reliesOn: string[]) => ({ key, reliesOn });

it.each([
  ['one', [item('a')], null],
  ['a chain', [item('a'), item('b', 'a'), item('c', 'b')], null],
  ['a chain in any order', [item('c', 'b'), item('b', 'a'), item('a')], null],
  ['a diamond', [item('a'), item('b', 'a'), item('c', 'a'), item('d', 'b', 'c')], null],
  ['a key twice', [item('a'), item('a')], { index: 1, message: 'The key a stands in the order twice.' }],
  ['a stranger', [item('a', 'x')], { index: 0, message: 'It relies on x, which is no item of the order.' }],
  ['itself', [item('a'), item('b', 'b')], { index: 1, message: 'The items b rely on each other in a circle.' }],
  ['a circle', [item('z'), item('a', 'c', 'z'), item('b', 'a'), item('c', 'b')], { index: 1, message: 'The items a, b, c rely on each other in a circle.' }],
])('%s', (_, items, expected) => {
  expect(graphProblem(items)).toEqual(expected);
});
