import { SeenKeys } from './seen-keys';

it('knows every text that was added, and no other, however many', () => {
  const seen = new SeenKeys();
  let wrong = 0;
  for (let index = 0; index < 50_000; index += 1) wrong += seen.add(`key ${index}`) ? 0 : 1;
  for (let index = 0; index < 50_000; index += 1) wrong += seen.has(`key ${index}`) ? 0 : 1;
  for (let index = 0; index < 50_000; index += 1) wrong += seen.has(`other ${index}`) ? 1 : 0;
  expect(wrong).toBe(0);
  expect(seen.add('key 7')).toBe(false);
});
