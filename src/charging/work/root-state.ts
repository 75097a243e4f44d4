import { Bucket, ROOT_BUCKET_ID } from '../../balance';
import { PriceAssignment, ProductState, RootSetup, SetupProduct } from '../../guiding';
import { Asset } from '../../platform/money';
import { RootRef } from '../../platform/root';

/** What opens a bucket in a batch. */
export type NewBucket = Pick<Bucket, 'accountId' | 'productId' | 'allowanceId' | 'kind' | 'priority' | 'isShared' | 'validFrom' | 'validUntil'>
  & { readonly asset: Asset };

/** One step of a product's life: what it was from an instant on. */
export interface ProductStep {
  readonly product: SetupProduct;
  readonly from: ProductState | null;
  readonly at: number;
}

/** A dated price of a product, written as it stands. */
export interface DatedPrice {
  readonly productId: bigint;
  readonly assignment: PriceAssignment;
}

/** One locked root in memory: what was read under the lock, as the batch's decisions leave it. */
export class RootState implements RootRef {
  readonly shard: number;
  readonly rootId: bigint;
  readonly buckets = new Map<number, Bucket>();
  readonly opened: Bucket[] = [];
  readonly moved = new Set<Bucket>();
  readonly products: Map<bigint, SetupProduct>;
  readonly changedProducts = new Set<bigint>();
  readonly newProducts = new Set<bigint>();
  readonly steps: ProductStep[] = [];
  readonly closedPrices: DatedPrice[] = [];
  readonly openedPrices: DatedPrice[] = [];
  position: bigint;
  nextBucketId: number;
  private setupChanged = false;

  constructor(
    readonly setup: RootSetup, readonly rootBucket: Bucket,
    carried: { readonly position: bigint; readonly nextBucketId: number; readonly openPeriod: number | null },
  ) {
    this.shard = setup.shard;
    this.rootId = setup.rootId;
    this.position = carried.position;
    this.nextBucketId = carried.nextBucketId;
    this.openPeriod = carried.openPeriod;
    this.positionBefore = carried.position;
    this.buckets.set(ROOT_BUCKET_ID, rootBucket);
    this.products = new Map(setup.products);
  }

  /** Start of the oldest bill period that is still open; null = none was closed yet. */
  openPeriod: number | null;
  private readonly positionBefore: bigint;

  get isTouched(): boolean {
    return this.position !== this.positionBefore || this.setupChanged;
  }

  get setupVersion(): bigint {
    return this.setup.version + (this.setupChanged ? 1n : 0n);
  }

  get hasNewSetup(): boolean {
    return this.setupChanged;
  }

  /** Marks that other nodes' pictures of this root are old once the batch is committed. */
  raiseSetup(): void {
    this.setupChanged = true;
  }

  /** The next place in the order of everything that happens to the root. */
  nextPosition(): bigint {
    this.position += 1n;
    return this.position;
  }

  openBucket(spec: NewBucket): Bucket {
    const bucket: Bucket = {
      ...spec, shard: this.shard, rootId: this.rootId, id: this.nextBucketId++, tenantId: this.setup.tenantId, value: 0n,
      reserved: 0n, granted: 0n, expired: 0n, creditLimit: 0n, overused: false, version: 0n, state: 'ACTIVE',
    };
    this.buckets.set(bucket.id, bucket);
    this.opened.push(bucket);
    // Nodes skip reading the other buckets of a root that, as far as they know, has none.
    this.raiseSetup();
    return bucket;
  }

  /** @param at since when it is so: told where the state or the offering changes, because that is remembered. */
  changeProduct(product: SetupProduct, change: Partial<SetupProduct>, at?: number): SetupProduct {
    const changed = { ...product, ...change, version: product.version + 1 };
    const before = this.products.get(product.id) ?? product;
    if (changed.state !== before.state || changed.terms.versionId !== before.terms.versionId) {
      if (at === undefined) throw new Error('A step of a product without its instant.');
      this.steps.push({ product: changed, from: before.state, at });
    }
    this.products.set(product.id, changed);
    if (!this.newProducts.has(product.id)) this.changedProducts.add(product.id);
    this.raiseSetup();
    return changed;
  }

  /** Dates the prices of a product whose offering changes: those of before end, those of after begin. */
  switchPrices(before: SetupProduct, after: SetupProduct, at: number): void {
    // The prices of a product that this batch makes are written with it.
    if (this.newProducts.has(after.id)) return;
    const known = new Set(before.assignments);
    for (const assignment of after.assignments) {
      if (known.has(assignment)) continue;
      (assignment.from === at ? this.openedPrices : this.closedPrices).push({ productId: after.id, assignment });
    }
    this.raiseSetup();
  }

  addProduct(product: SetupProduct): void {
    this.products.set(product.id, product);
    this.newProducts.add(product.id);
    this.steps.push({ product, from: null, at: product.startedAt });
    this.raiseSetup();
  }
}
