import { isSpread, placeOf } from '../../platform/db';
import { Item } from './item';
import { Lane, LaneDeps } from './lane';

/** All lanes of a process: every shard has one, and so every root. */
export class Lanes {
  private readonly lanes: readonly Lane[];

  constructor(count: number, deps: LaneDeps) {
    this.lanes = Array.from({ length: count }, () => new Lane(deps));
  }

  /** Each item to the lane of its (first) root's shard; a full lane rejects its items and no others. */
  enqueue(items: readonly Item[]): void {
    const byLane = new Map<Lane, Item[]>();
    for (const item of items) {
      const lane = this.laneOf(item.roots[0]!.shard);
      const list = byLane.get(lane);
      if (list) list.push(item);
      else byLane.set(lane, [item]);
    }
    for (const [lane, list] of byLane) {
      try {
        lane.push(list);
      } catch (error) {
        for (const item of list) item.reject(error as Error);
      }
    }
  }

  /** Waits until every lane has answered what it took in. */
  async drained(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.drained()));
  }

  /** Items waiting in all lanes. */
  get length(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.length, 0);
  }

  /** On a cluster all shards that lie together have one lane, because a batch is sent to one place. */
  private laneOf(shard: number): Lane {
    return this.lanes[(isSpread() ? placeOf(shard) : shard) % this.lanes.length]!;
  }
}
