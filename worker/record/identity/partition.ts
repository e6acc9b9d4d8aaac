import { UNIQUE_KINDS } from '../../../schema/customer.ts';

/**
 * Who belongs together: a pure function of the evidence and of what staff decided, computed over one component in a
 * canonical order (assurance, then time first seen, then name), so that the order of arrival never matters.
 */
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

export type Reason =
  | { readonly rule: 'same_identifier'; readonly kind: string; readonly value: string }
  | {
      readonly rule: 'differing_id';
      readonly kind: string;
      readonly value: string;
      readonly namespace: string;
      readonly ids: readonly string[];
    };

/** `a` comes before `b` in canonical order. */
export type Decided = {
  readonly action: 'link' | 'refuse';
  readonly a: number;
  readonly b: number;
  readonly reason: Reason;
};

export type Group = { readonly customerId: number; readonly fragmentIds: readonly number[] };
export type Partition = { readonly groups: readonly Group[]; readonly decided: readonly Decided[] };

/** A value held by more fragments than this is not one person's, whatever it says; it links nothing. */
export const MAX_HOLDERS = 25;

type Edge = {
  readonly a: Fragment;
  readonly b: Fragment;
  readonly kind: string;
  readonly value: string;
  readonly assurance: number;
  readonly since: number;
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: Fragment, b: Fragment): number => a.sourceId - b.sourceId || compareText(a.key, b.key);

const byStrength = (x: Edge, y: Edge): number =>
  y.assurance - x.assurance ||
  x.since - y.since ||
  compareText(x.kind, y.kind) ||
  compareText(x.value, y.value) ||
  byName(x.a, y.a) ||
  byName(x.b, y.b);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** Each pair of fragments that hold the same value, strongest and oldest first. */
function edgesOf(fragments: ReadonlyMap<number, Fragment>, evidence: readonly Evidence[]): Edge[] {
  const edges: Edge[] = [];
  for (const holders of groupBy(evidence, (e) => JSON.stringify([e.kind, e.scope, e.value]))) {
    if (holders.length > MAX_HOLDERS) continue;
    for (const [index, x] of holders.entries()) {
      for (const y of holders.slice(index + 1)) {
        const [a, b] = [fragments.get(x.fragmentId), fragments.get(y.fragmentId)]
          .filter((f) => f !== undefined)
          .sort(byName);
        if (!a || !b) continue;
        const since = Math.max(x.firstAt, y.firstAt);
        edges.push({ a, b, kind: x.kind, value: x.value, assurance: Math.min(x.assurance, y.assurance), since });
      }
    }
  }
  return edges.sort(byStrength);
}

/** Sets of fragments that grow together, each knowing the unique ids it holds by namespace. */
class Groups {
  readonly #parent = new Map<number, number>();
  readonly #ids = new Map<number, Map<string, Set<string>>>();
  readonly #refused: readonly Ruling[];

  constructor(fragments: readonly Fragment[], evidence: readonly Evidence[], refused: readonly Ruling[]) {
    for (const { id } of fragments) {
      this.#parent.set(id, id);
      this.#ids.set(id, new Map());
    }
    for (const { fragmentId, kind, scope, value } of evidence) {
      if (!UNIQUE_KINDS.includes(kind)) continue;
      const ids = this.#ids.get(fragmentId);
      const namespace = `${kind}@${scope}`;
      ids?.set(namespace, (ids.get(namespace) ?? new Set()).add(value));
    }
    this.#refused = refused;
  }

  root(id: number): number {
    let at = id;
    for (let next = this.#parent.get(at); next !== undefined && next !== at; next = this.#parent.get(at)) at = next;
    return at;
  }

  /** The namespace in which the two sides have nothing in common, though both have something. */
  conflict(a: number, b: number): { namespace: string; ids: string[] } | null {
    const [left, right] = [this.#ids.get(this.root(a)), this.#ids.get(this.root(b))];
    if (!left || !right) return null;
    for (const [namespace, values] of [...left].sort(([x], [y]) => compareText(x, y))) {
      const others = right.get(namespace);
      if (others && ![...values].some((value) => others.has(value))) {
        return { namespace, ids: [...values, ...others].sort(compareText) };
      }
    }
    return null;
  }

  isRefused(a: number, b: number): boolean {
    const [left, right] = [this.root(a), this.root(b)];
    return this.#refused.some(({ a: x, b: y }) => {
      const [p, q] = [this.root(x), this.root(y)];
      return (p === left && q === right) || (p === right && q === left);
    });
  }

  join(a: number, b: number): void {
    const [into, from] = [this.root(a), this.root(b)];
    if (into === from) return;
    this.#parent.set(from, into);
    const kept = this.#ids.get(into);
    for (const [namespace, values] of this.#ids.get(from) ?? []) {
      kept?.set(namespace, new Set([...(kept.get(namespace) ?? []), ...values]));
    }
  }
}

/**
 * Walks the edges from the strongest on: joins where nothing speaks against it, else keeps the reason. The reason is told by the
 * groups as they are in the end: on the way it would depend on evidence that has no part in it.
 */
function decide(edges: readonly Edge[], groups: Groups): Decided[] {
  const links: Decided[] = [];
  const refused = new Map<string, Decided>();
  for (const { a, b, kind, value } of edges) {
    if (groups.root(a.id) === groups.root(b.id) || groups.isRefused(a.id, b.id)) continue;
    const conflict = groups.conflict(a.id, b.id);
    if (!conflict) {
      groups.join(a.id, b.id);
      links.push({ action: 'link', a: a.id, b: b.id, reason: { rule: 'same_identifier', kind, value } });
      continue;
    }
    const pair = `${a.id}-${b.id}`;
    const reason = { rule: 'differing_id', kind, value, ...conflict } as const;
    if (!refused.has(pair)) refused.set(pair, { action: 'refuse', a: a.id, b: b.id, reason });
  }
  const told = [...refused.values()].map((refusal) => ({
    ...refusal,
    reason: { ...refusal.reason, ...groups.conflict(refusal.a, refusal.b) },
  }));
  return [...links, ...told];
}

/** The fragment whose customer id survives: the one seen first, by its own evidence. */
function eldest(members: readonly Fragment[], firstSeen: ReadonlyMap<number, number>): Fragment | undefined {
  const seen = (fragment: Fragment) => firstSeen.get(fragment.id) ?? Number.MAX_SAFE_INTEGER;
  return [...members].sort((a, b) => seen(a) - seen(b) || byName(a, b))[0];
}

/**
 * Splits the fragments of one component into people.
 *
 * Rules: what staff linked is linked and what staff refused stays apart; then the same linking identifier joins two
 * fragments, strongest and oldest evidence first, unless the joined record would hold two ids of one namespace. Such a
 * refusal is returned with its reason, for a person to decide.
 */
export function partition(
  fragments: readonly Fragment[],
  evidence: readonly Evidence[],
  rulings: readonly Ruling[],
): Partition {
  const byId = new Map(fragments.map((fragment) => [fragment.id, fragment]));
  const groups = new Groups(
    fragments,
    evidence,
    rulings.filter((ruling) => ruling.action === 'refuse'),
  );
  for (const { action, a, b } of rulings) if (action === 'link' && byId.has(a) && byId.has(b)) groups.join(a, b);
  const decided = decide(edgesOf(byId, evidence), groups);

  const firstSeen = new Map<number, number>();
  for (const { fragmentId, firstAt } of evidence) {
    firstSeen.set(fragmentId, Math.min(firstAt, firstSeen.get(fragmentId) ?? firstAt));
  }
  return {
    decided,
    groups: groupBy(fragments, (fragment) => String(groups.root(fragment.id))).map((members) => ({
      customerId: (eldest(members, firstSeen) ?? members[0])?.id ?? 0,
      fragmentIds: members.map((member) => member.id).sort((x, y) => x - y),
    })),
  };
}
