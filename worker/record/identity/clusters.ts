import { UNIQUE_KINDS } from '../../../schema/customer.ts';
import { compareText, type Evidence, type Fragment, type Ruling } from './evidence.ts';
import { type Limits, Loads, type Over } from './limits.ts';

type Given = {
  readonly fragments: readonly Fragment[];
  readonly evidence: readonly Evidence[];
  readonly limits: Limits;
  readonly isSecond: (evidence: Evidence) => boolean;
};

const isDisjoint = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean =>
  ![...some].some((value) => others.has(value));

/** Sets of fragments that grow together, each knowing the unique ids it holds by namespace. */
export class Clusters {
  readonly #parent = new Map<number, number>();
  readonly #ids = new Map<number, Map<string, Set<string>>>();
  readonly #refused: readonly Ruling[];
  readonly #loads: Loads;

  constructor({ fragments, evidence, limits, isSecond }: Given, refused: readonly Ruling[]) {
    this.#loads = new Loads(
      fragments.map(({ id }) => id),
      evidence,
      limits,
    );
    for (const { id } of fragments) {
      this.#parent.set(id, id);
      this.#ids.set(id, new Map());
    }
    for (const one of evidence) {
      const { fragmentId, kind, scope, value } = one;
      if ((!UNIQUE_KINDS.includes(kind) && kind !== 'email') || isSecond(one)) continue;
      const ids = this.#ids.get(fragmentId);
      const namespace = kind === 'email' ? kind : `${kind}@${scope}`;
      ids?.set(namespace, (ids.get(namespace) ?? new Set()).add(value));
    }
    this.#refused = refused;
  }

  /** Those of the fragments that hold an id of a namespace in which another of them holds none but differing ones. */
  rivalsAmong(ids: readonly number[]): ReadonlySet<number> {
    const held = new Map<string, { readonly id: number; readonly values: ReadonlySet<string> }[]>();
    for (const id of ids) {
      for (const [namespace, values] of this.#ids.get(this.root(id)) ?? []) {
        if (namespace !== 'email') held.set(namespace, [...(held.get(namespace) ?? []), { id, values }]);
      }
    }
    const rivals = new Set<number>();
    for (const holders of held.values()) {
      for (const { id, values } of holders)
        if (holders.some((other) => isDisjoint(values, other.values))) rivals.add(id);
    }
    return rivals;
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
      if (others && isDisjoint(values, others)) {
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
