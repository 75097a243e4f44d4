import { operator } from './01-operator';
import { catalog } from './02-catalog';
import { alice } from './03-alice';
import { bob } from './04-bob';
import { family } from './05-family';
import { secondTenant } from './06-second-tenant';
import { oneSubscriber } from './07-one-subscriber';
import { partner } from './08-partner';
import { SeedContext, Story } from './context';
import { oneAtATime } from './lock';

/** The stories in the order they are told; each stands on those before it. */
const STORIES: readonly (readonly [name: string, story: Story])[] = [
  ['01-operator', operator], ['02-catalog', catalog], ['03-alice', alice], ['04-bob', bob], ['05-family', family],
  ['06-second-tenant', secondTenant], ['07-one-subscriber', oneSubscriber],
  ['08-partner', partner],
];

/** Plants the numbered stories; run again, or by two nodes at once, it changes nothing more. */
export function seed(context: SeedContext): Promise<void> {
  return oneAtATime(context.data, async () => {
    for (const [name, story] of STORIES) {
      await story(context);
      context.log(name);
    }
  });
}
