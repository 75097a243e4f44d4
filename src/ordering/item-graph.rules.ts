/** An item as far as the order in which items are fulfilled goes. */
export interface GraphItem {
  readonly key: string;
  readonly reliesOn: readonly string[];
}

/** What is wrong with the dependencies of an order's items, at the item's place in it; null where they can be fulfilled. */
export function graphProblem(items: readonly GraphItem[]): { readonly index: number; readonly message: string } | null {
  const keys = new Set<string>();
  for (const [index, { key }] of items.entries()) {
    if (keys.has(key)) return { index, message: `The key ${key} stands in the order twice.` };
    keys.add(key);
  }
  for (const [index, item] of items.entries()) {
    const unknown = item.reliesOn.find((key) => !keys.has(key));
    if (unknown !== undefined) return { index, message: `It relies on ${unknown}, which is no item of the order.` };
  }
  return circleIn(items);
}

/** Takes away what can be fulfilled, round by round; what is left goes in a circle. */
function circleIn(items: readonly GraphItem[]): { readonly index: number; readonly message: string } | null {
  const left = new Map(items.map((item) => [item.key, item]));
  for (let before = left.size + 1; left.size < before;) {
    before = left.size;
    for (const { key, reliesOn } of [...left.values()]) {
      if (!reliesOn.some((other) => left.has(other))) left.delete(key);
    }
  }
  const index = items.findIndex(({ key }) => left.has(key));
  return index < 0 ? null : { index, message: `The items ${[...left.keys()].join(', ')} rely on each other in a circle.` };
}
