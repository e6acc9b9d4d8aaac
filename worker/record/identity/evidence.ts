/** A person as one source knows them. */
export type Fragment = { readonly id: number; readonly sourceId: number; readonly key: string };

/** An identifier that may link (asserted or verified, not shared) and the fragment that holds it. */
export type Evidence = {
  readonly fragmentId: number;
  readonly kind: string;
  readonly value: string;
  readonly scope: number;
  /** Rank of its assurance: greater is better. */
  readonly assurance: number;
  /** Epoch ms of the earliest touchpoint that brought it. */
  readonly firstAt: number;
};

/** What a person decided of two fragments; stands over all evidence. */
export type Ruling = { readonly action: 'link' | 'refuse'; readonly a: number; readonly b: number };

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** The order of fragments that no order of arrival changes. */
export const byName = (a: Fragment, b: Fragment): number => a.sourceId - b.sourceId || compareText(a.key, b.key);

/** The items under each key, in the order in which they came. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
