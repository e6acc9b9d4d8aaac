import type { Evidence } from './evidence.ts';

/**
 * How much one person may have before another link is a question for a person: a value that pulls people together who are not one
 * (a test address, a counter's telephone) is stopped by it. Pure, so that a limit bites the same whatever came first.
 */
export const LIMITS = ['email', 'phone', 'anonymous_id', 'identifiers', 'merges'] as const;
export type Limit = (typeof LIMITS)[number];
export type Limits = Readonly<Record<Limit, number>>;

/** Addresses that were proven and numbers in a year, browsers that a server names in a week; values and fragments ever. */
export const USUAL: Limits = { email: 5, phone: 5, anonymous_id: 5, identifiers: 1000, merges: 100 };
/** The days in which the values of a kind are counted. */
export const DAYS: Readonly<Partial<Record<Limit, number>>> = { email: 365, phone: 365, anonymous_id: 7 };
const DAY_MS = 24 * 3600 * 1000;
const VERIFIED = 3;

/** A limit that a link would go over. */
export type Over = { readonly limit: Limit; readonly most: number };

type Load = {
  fragments: number;
  readonly values: Set<string>;
  /** When each value of a kind was first seen, epoch ms. */
  readonly seen: Map<string, Map<string, number>>;
};

const isCounted = ({ kind, assurance }: Evidence): boolean =>
  kind === 'phone' || kind === 'anonymous_id' || (kind === 'email' && assurance >= VERIFIED);

/** True when more than `most` of these moments lie within so many days. */
function isCrowded(moments: readonly number[], most: number, days: number): boolean {
  const sorted = [...moments].sort((a, b) => a - b);
  return sorted.some((at, index) => (sorted[index + most] ?? Number.POSITIVE_INFINITY) - at < days * DAY_MS);
}

/**
 * What evidence has put together, and how much that holds. What staff have joined stands beside it: their word is no evidence, so
 * that it neither uses up a limit nor loosens what was joined before.
 */
export class Loads {
  readonly #loads = new Map<number, Load>();
  readonly #parent = new Map<number, number>();
  readonly #limits: Limits;

  constructor(fragmentIds: readonly number[], evidence: readonly Evidence[], limits: Limits) {
    this.#limits = limits;
    for (const id of fragmentIds) this.#loads.set(id, { fragments: 1, values: new Set(), seen: new Map() });
    for (const one of evidence) {
      const load = this.#loads.get(one.fragmentId);
      load?.values.add(`${one.kind} ${one.scope} ${one.value}`);
      if (load && isCounted(one)) note(load, one.kind, one.value, one.firstAt);
    }
  }

  #rootOf(id: number): number {
    let at = id;
    for (let next = this.#parent.get(at); next !== undefined; next = this.#parent.get(at)) at = next;
    return at;
  }

  /** The first limit that one person of both fragments’ groups would go over by this link; null where there is room. */
  over(a: number, b: number, kind: string): Over | null {
    const [x, y] = [this.#loads.get(this.#rootOf(a)), this.#loads.get(this.#rootOf(b))];
    if (!x || !y) return null;
    const { merges, identifiers } = this.#limits;
    if (x.fragments + y.fragments - 1 > merges) return { limit: 'merges', most: merges };
    if (x.values.size + y.values.size > identifiers && new Set([...x.values, ...y.values]).size > identifiers)
      return { limit: 'identifiers', most: identifiers };
    // A kind of which they would have too many is no reason to link any more; others still are.
    const limit = LIMITS.find((name) => name === kind);
    const days = limit && DAYS[limit];
    if (!limit || !days) return null;
    const most = this.#limits[limit];
    const seen = new Map(x.seen.get(kind));
    for (const [value, at] of y.seen.get(kind) ?? []) seen.set(value, Math.min(at, seen.get(value) ?? at));
    return seen.size > most && isCrowded([...seen.values()], most, days) ? { limit, most } : null;
  }

  /** Notes that evidence has linked two fragments. */
  join(a: number, b: number): void {
    const [into, from] = [this.#rootOf(a), this.#rootOf(b)];
    if (into === from) return;
    this.#parent.set(from, into);
    const [kept, gone] = [this.#loads.get(into), this.#loads.get(from)];
    if (!kept || !gone) return;
    kept.fragments += gone.fragments;
    for (const value of gone.values) kept.values.add(value);
    for (const [kind, values] of gone.seen) for (const [value, at] of values) note(kept, kind, value, at);
    this.#loads.delete(from);
  }
}

function note({ seen }: Load, kind: string, value: string, at: number): void {
  const values = seen.get(kind) ?? new Map<string, number>();
  values.set(value, Math.min(at, values.get(value) ?? at));
  seen.set(kind, values);
}
