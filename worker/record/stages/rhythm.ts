/** Where a value belongs in an ascending list: before the first that is not less. */
export function placeOf(list: readonly number[], value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The orders of a person that count, and how far they lie apart. */
export class Rhythm {
  readonly #placedAt = new Map<string, number>();
  readonly #times: number[] = [];

  get count(): number {
    return this.#times.length;
  }
  get firstAt(): number | null {
    return this.#times[0] ?? null;
  }
  get lastAt(): number | null {
    return this.#times.at(-1) ?? null;
  }
  /** The order made last; null without one. */
  get lastKey(): string | null {
    const { lastAt } = this;
    return [...this.#placedAt].findLast(([, at]) => at === lastAt)?.[0] ?? null;
  }

  add(key: string, at: number): void {
    if (this.#placedAt.has(key)) return;
    this.#placedAt.set(key, at);
    this.#times.splice(placeOf(this.#times, at), 0, at);
  }

  remove(key: string): void {
    const at = this.#placedAt.get(key);
    if (at === undefined) return;
    this.#placedAt.delete(key);
    this.#times.splice(placeOf(this.#times, at), 1);
  }

  /** Time since the last order by the mean time between two, as the field `overdue` of segments. Null where there is no such time. */
  overdueAt(now: number): number | null {
    const { firstAt, lastAt, count } = this;
    if (firstAt === null || lastAt === null || lastAt === firstAt) return null;
    return ((now - lastAt) * (count - 1)) / (lastAt - firstAt);
  }

  /** When so much of it is reached; null where it never is. */
  overdueBy(amount: number): number | null {
    const { firstAt, lastAt, count } = this;
    if (firstAt === null || lastAt === null || lastAt === firstAt) return null;
    return lastAt + (amount * (lastAt - firstAt)) / (count - 1);
  }
}
