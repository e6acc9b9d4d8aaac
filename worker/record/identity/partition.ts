import { Clusters } from './clusters.ts';
import { type Edge, edgesOf } from './edges.ts';
import { byName, type Evidence, type Fragment, groupBy, type Ruling } from './evidence.ts';
import { type Limit, type Limits, type Over, USUAL } from './limits.ts';
import { secondAddresses } from './second-address.ts';

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
  /** For one of the two it is an address beside another, earlier one, and nobody has proven it. */
  | { readonly rule: 'second_address'; readonly kind: string; readonly value: string }
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

/**
 * Walks the edges from the strongest on: joins where nothing speaks against it, else keeps the reason. The reason is told by the
 * groups as they are in the end: on the way it would depend on evidence that has no part in it.
 */
function decide(edges: readonly Edge[], clusters: Clusters): Decided[] {
  const links: Decided[] = [];
  const refused = new Map<string, { readonly edge: Edge; readonly over: Over | null }>();
  for (const edge of edges) {
    const { a, b, kind, value, bar } = edge;
    if (clusters.root(a.id) === clusters.root(b.id) || clusters.isRefused(a.id, b.id)) continue;
    const isOpen = !bar && !clusters.conflict(a.id, b.id, kind);
    const over = isOpen ? clusters.over(a.id, b.id, kind) : null;
    if (isOpen && !over) {
      clusters.link(a.id, b.id);
      links.push({ action: 'link', a: a.id, b: b.id, reason: { rule: 'same_identifier', kind, value } });
      continue;
    }
    const pair = `${a.id}-${b.id}`;
    if (!refused.has(pair)) refused.set(pair, { edge, over });
  }
  // What other evidence has joined in the end is no refusal any more.
  const told = [...refused.values()].filter(({ edge: { a, b } }) => clusters.root(a.id) !== clusters.root(b.id));
  return [...links, ...told.map(({ edge, over }) => refusalOf(edge, over, clusters))];
}

function refusalOf({ a, b, kind, value, bar }: Edge, over: Over | null, clusters: Clusters): Decided {
  const conflict = clusters.conflict(a.id, b.id, kind);
  if (over && !conflict)
    return { action: 'refuse', a: a.id, b: b.id, reason: { rule: 'over_limit', kind, value, ...over } };
  const reason = conflict
    ? ({ rule: 'differing_id', kind, value, ...conflict } as const)
    : ({ rule: bar ?? 'ambiguous', kind, value } as const);
  return { action: 'refuse', a: a.id, b: b.id, reason };
}

/** The fragment whose customer id survives: the one seen first, by its own evidence. */
function eldest(members: readonly Fragment[], firstSeen: ReadonlyMap<number, number>): Fragment | undefined {
  const seen = (fragment: Fragment) => firstSeen.get(fragment.id) ?? Number.MAX_SAFE_INTEGER;
  return [...members].sort((a, b) => seen(a) - seen(b) || byName(a, b))[0];
}

/**
 * Splits the fragments of one component into people: a pure function of the evidence and of what staff decided, in a canonical
 * order (assurance, then time first seen, then name), so that the order of arrival never matters.
 *
 * Rules: what staff linked is linked and what staff refused stays apart; then the same linking identifier joins two
 * fragments, strongest and oldest evidence first, unless the joined record would hold two ids of one namespace, or one of the two
 * is one of several people of a source who hold the value, or holds it as an address after another that nobody has proven, or it is a telephone and the addresses differ, or one person would have more than `limits`
 * allow. Such a refusal is returned with its reason, for a person to decide.
 */
export function partition(
  fragments: readonly Fragment[],
  evidence: readonly Evidence[],
  rulings: readonly Ruling[],
  limits: Limits = USUAL,
): Partition {
  const byId = new Map(fragments.map((fragment) => [fragment.id, fragment]));
  const isSecond = secondAddresses(evidence);
  const clusters = new Clusters(
    { fragments, evidence, limits, isSecond },
    rulings.filter((ruling) => ruling.action === 'refuse'),
  );
  for (const { action, a, b } of rulings) if (action === 'link' && byId.has(a) && byId.has(b)) clusters.join(a, b);
  const decided = decide(
    edgesOf(byId, evidence, { isSecond, rivalsAmong: (ids) => clusters.rivalsAmong(ids) }),
    clusters,
  );

  const firstSeen = new Map<number, number>();
  for (const { fragmentId, firstAt } of evidence) {
    firstSeen.set(fragmentId, Math.min(firstAt, firstSeen.get(fragmentId) ?? firstAt));
  }
  return {
    decided,
    groups: groupBy(fragments, (fragment) => String(clusters.root(fragment.id))).map((members) => ({
      customerId: (eldest(members, firstSeen) ?? members[0])?.id ?? 0,
      fragmentIds: members.map((member) => member.id).sort((x, y) => x - y),
    })),
  };
}
