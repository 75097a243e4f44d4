import { StopStack } from './stop-stack';

describe('stopping', () => {
  it('goes in the opposite order, tries every step and tells the first failure', async () => {
    const said: string[] = [];
    const stack = new StopStack();
    const step = (name: string, fails = false) => async (): Promise<void> => {
      said.push(name);
      if (fails) throw new Error(name);
    };
    stack.push(step('database'));
    stack.push(step('pool', true));
    stack.push(step('server', true));
    await expect(stack.stop()).rejects.toThrow('server');
    expect(said).toEqual(['server', 'pool', 'database']);
    await stack.stop();
    expect(said).toHaveLength(3);
  });
});
