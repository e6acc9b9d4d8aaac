/** Numbers that a seed repeats (mulberry32), so that a run which failed can be run again. */
export type Random = {
  /** From 0 up to 1. */
  readonly fraction: () => number;
  /** From 0 up to, but not, `limit`. */
  readonly below: (limit: number) => number;
  readonly shuffle: <T>(items: readonly T[]) => T[];
};

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  const shuffle = <T>(items: readonly T[]) => {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = below(last + 1);
      const [a, b] = [shuffled[last], shuffled[other]];
      if (a !== undefined && b !== undefined) [shuffled[last], shuffled[other]] = [b, a];
    }
    return shuffled;
  };
  return { fraction, below, shuffle };
}
