import { seed } from '../seeds/stories';
import type { Logger } from './platform/observe';
import type { Rooms } from './services';

/** Plants the numbered stories of seeds/; each is idempotent, so that every start may do it. */
export async function plantDemo(rooms: Rooms, log: Logger): Promise<void> {
  await seed({ pool: rooms.pool, data: rooms.data, services: rooms, log: (story) => log.debug({ story }, 'planted') });
}
