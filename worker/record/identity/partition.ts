import { UNIQUE_KINDS } from '../../../schema/customer.ts';
import { type Limit, type Limits, Loads, type Over, USUAL } from './limits.ts';

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
    }
  /** Several people of one source hold the value, so nobody can say which of them the other is. */
  | { readonly rule: 'ambiguous'; readonly kind: string; readonly value: string }
  /** One person of both would have more than a person has. */
  | {
      readonly rule: 'over_limit';
      readonly kind: string;
      readonly value: string;
      readonly limit: Limit;
      readonly most: number;
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

/** Among so many holders each pair is looked at; among more each with its neighbour only, which joins them just the same. */
export const MAX_PAIRED = 25;

type Edge = {
  readonly a: Fragment;
  readonly b: Fragment;
  readonly kind: string;
  readonly scope: number;
  readonly value: string;
  readonly assurance: number;
  readonly since: number;
  /** The value is held by several people of one source, so that it says of nobody else which of them it is. */
  readonly isAmbiguous: boolean;
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: Fragment, b: Fragment): number => a.sourceId - b.sourceId || compareText(a.key, b.key);

/** Where assurance is the same, an id of a source says more than an address, and that more than a telephone or a browser. */
const SAYS_LESS: readonly string[] = ['user_id', 'email', 'phone', 'anonymous_id'];

const byStrength = (x: Edge, y: Edge): number =>
  y.assurance - x.assurance ||
  SAYS_LESS.indexOf(x.kind) - SAYS_LESS.indexOf(y.kind) ||
  x.since - y.since ||
  compareText(x.kind, y.kind) ||
  compareText(x.value, y.value) ||
  x.scope - y.scope ||
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

/** The pairs to look at among the holders of one value, in canonical order. */
function pairsOf<T>(holders: readonly T[]): (readonly [T, T])[] {
  const reach = holders.length > MAX_PAIRED ? 1 : holders.length;
  return holders.flatMap((x, index) => holders.slice(index + 1, index + 1 + reach).map((y) => [x, y] as const));
}

/** Each pair of fragments that hold the same value, strongest and oldest first. */
function edgesOf(fragments: ReadonlyMap<number, Fragment>, evidence: readonly Evidence[], groups: Groups): Edge[] {
  const edges: Edge[] = [];
  for (const held of groupBy(evidence, (e) => JSON.stringify([e.kind, e.scope, e.value]))) {
    const holders = held
      .flatMap((e) => {
        const fragment = fragments.get(e.fragmentId);
        return fragment ? [{ ...e, fragment }] : [];
      })
      .sort((x, y) => byName(x.fragment, y.fragment));
    const isAmbiguous = groups.areSeveral(holders.map(({ fragmentId }) => fragmentId));
    for (const [x, y] of pairsOf(holders)) {
      const since = Math.max(x.firstAt, y.firstAt);
      const assurance = Math.min(x.assurance, y.assurance);
      const { kind, scope, value } = x;
      edges.push({ a: x.fragment, b: y.fragment, kind, scope, value, assurance, since, isAmbiguous });
    }
  }
  return edges.sort(byStrength);
}

type Given = {
  readonly fragments: readonly Fragment[];
  readonly evidence: readonly Evidence[];
  readonly limits: Limits;
};

/** Sets of fragments that grow together, each knowing the unique ids it holds by namespace. */
class Groups {
  readonly #parent = new Map<number, number>();
  readonly #ids = new Map<number, Map<string, Set<string>>>();
  readonly #refused: readonly Ruling[];
  readonly #loads: Loads;

  constructor({ fragments, evidence, limits }: Given, refused: readonly Ruling[]) {
    this.#loads = new Loads(
      fragments.map(({ id }) => id),
      evidence,
      limits,
    );
    for (const { id } of fragments) {
      this.#parent.set(id, id);
      this.#ids.set(id, new Map());
    }
    for (const { fragmentId, kind, scope, value } of evidence) {
      if (!UNIQUE_KINDS.includes(kind) && kind !== 'email') continue;
      const ids = this.#ids.get(fragmentId);
      const namespace = kind === 'email' ? kind : `${kind}@${scope}`;
      ids?.set(namespace, (ids.get(namespace) ?? new Set()).add(value));
    }
    this.#refused = refused;
  }

  /** True when two of these fragments hold differing ids of one namespace, so that they are no single person. */
  areSeveral(ids: readonly number[]): boolean {
    const seen = new Map<string, Set<string>>();
    for (const id of ids) {
      for (const [namespace, values] of this.#ids.get(id) ?? []) {
        if (namespace === 'email') continue;
        const others = seen.get(namespace);
        if (others && ![...values].some((value) => others.has(value))) return true;
        if (!others) seen.set(namespace, values);
      }
    }
    return false;
  }

  root(id: number): number {
    let at = id;
    for (let next = this.#parent.get(at); next !== undefined && next !== at; next = this.#parent.get(at)) at = next;
    return at;
  }

  /**
   * The namespace in which the two sides have nothing in common, though both have something. Differing addresses speak against a
   * shared telephone, which a family or an office has, and against nothing else.
   */
  conflict(a: number, b: number, kind: string): { namespace: string; ids: string[] } | null {
    const [left, right] = [this.#ids.get(this.root(a)), this.#ids.get(this.root(b))];
    if (!left || !right) return null;
    for (const [namespace, values] of [...left].sort(([x], [y]) => compareText(x, y))) {
      if (namespace === 'email' && kind !== 'phone') continue;
      const others = right.get(namespace);
      if (others && ![...values].some((value) => others.has(value))) {
        return { namespace, ids: [...values, ...others].sort(compareText) };
      }
    }
    return null;
  }

  /** The limit that one person of both sides would go over, by evidence alone. */
  over(a: number, b: number, kind: string): Over | null {
    return this.#loads.over(a, b, kind);
  }

  /** Joins what evidence links. */
  link(a: number, b: number): void {
    this.#loads.join(a, b);
    this.join(a, b);
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
  const refused = new Map<string, { readonly edge: Edge; readonly over: Over | null }>();
  for (const edge of edges) {
    const { a, b, kind, value, isAmbiguous } = edge;
    if (groups.root(a.id) === groups.root(b.id) || groups.isRefused(a.id, b.id)) continue;
    const isOpen = !isAmbiguous && !groups.conflict(a.id, b.id, kind);
    const over = isOpen ? groups.over(a.id, b.id, kind) : null;
    if (isOpen && !over) {
      groups.link(a.id, b.id);
      links.push({ action: 'link', a: a.id, b: b.id, reason: { rule: 'same_identifier', kind, value } });
      continue;
    }
    const pair = `${a.id}-${b.id}`;
    if (!refused.has(pair)) refused.set(pair, { edge, over });
  }
  // What other evidence has joined in the end is no refusal any more.
  const told = [...refused.values()].filter(({ edge: { a, b } }) => groups.root(a.id) !== groups.root(b.id));
  return [...links, ...told.map(({ edge, over }) => refusalOf(edge, over, groups))];
}

function refusalOf({ a, b, kind, value }: Edge, over: Over | null, groups: Groups): Decided {
  const conflict = groups.conflict(a.id, b.id, kind);
  if (over && !conflict)
    return { action: 'refuse', a: a.id, b: b.id, reason: { rule: 'over_limit', kind, value, ...over } };
  const reason = conflict
    ? ({ rule: 'differing_id', kind, value, ...conflict } as const)
    : ({ rule: 'ambiguous', kind, value } as const);
  return { action: 'refuse', a: a.id, b: b.id, reason };
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
 * fragments, strongest and oldest evidence first, unless the joined record would hold two ids of one namespace, or the value is
 * held by several people of one source, or it is a telephone and the addresses differ, or one person would have more than `limits`
 * allow. Such a refusal is returned with its
 * reason, for a person to decide.
 */
export function partition(
  fragments: readonly Fragment[],
  evidence: readonly Evidence[],
  rulings: readonly Ruling[],
  limits: Limits = USUAL,
): Partition {
  const byId = new Map(fragments.map((fragment) => [fragment.id, fragment]));
  const groups = new Groups(
    { fragments, evidence, limits },
    rulings.filter((ruling) => ruling.action === 'refuse'),
  );
  for (const { action, a, b } of rulings) if (action === 'link' && byId.has(a) && byId.has(b)) groups.join(a, b);
  const decided = decide(edgesOf(byId, evidence, groups), groups);

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
