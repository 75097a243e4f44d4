import { LiveHub, noSuchObject, OwnerCheck, PulledStream, WakeSignal } from '../live';
import { OrderTopics } from './order-topics';
import { isFinal } from './order-state.rules';
import { Order } from './order.types';

export interface OrderStreamSource {
  readonly live: LiveHub;
  readonly topics: OrderTopics;
  readonly order: Pick<Order, 'shard' | 'id' | 'rootId'>;
  /** The last version that the reader saw; 0 = none. */
  readonly after: number;
  readonly read: () => Promise<Order | null>;
  readonly isOwner: () => Promise<boolean>;
}

/**
 * An order as a stream: as it stands, then every newer version; steps that come while the reader is busy are shown as one.
 * It ends after the order's last state.
 */
export function orderStream({ live, topics, order, after, read, isOwner }: OrderStreamSource): PulledStream<Order> {
  const signal = new WakeSignal();
  const root = live.watch(order, () => signal.ring());
  const watch = topics.watch(order, () => signal.ring());
  const owner = new OwnerCheck(root, isOwner);
  let [shown, isFirst, isOver] = [after, true, false];
  const pull = async (): Promise<Order | null> => {
    if (isOver) {
      signal.end();
      return null;
    }
    await owner.require();
    if (!isFirst && watch.version <= shown) return null;
    isFirst = false;
    const found = await read();
    if (!found) throw noSuchObject();
    isOver = isFinal(found.state);
    if (found.version <= shown) {
      if (isOver) signal.end();
      return null;
    }
    shown = found.version;
    return found;
  };
  return new PulledStream(signal, { pull, close: () => { root.close(); watch.close(); } });
}
