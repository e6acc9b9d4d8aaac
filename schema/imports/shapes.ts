import { readAmount } from './amounts.ts';
import { looksLikeDate } from './dates.ts';

/** What cells look like, whatever their column is called. */
export type Shape = 'email' | 'date' | 'phone' | 'number' | 'words' | 'empty';

export function shapeOf(value: string): Shape {
  const text = value.trim();
  if (text === '') return 'empty';
  if (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text)) return 'email';
  if (/^\+\d[\d ()-]{7,}$/.test(text)) return 'phone';
  if (looksLikeDate(text)) return 'date';
  return 'decimal' in readAmount(text, '.') ? 'number' : 'words';
}

/** The shape that more than 70 % of the cells have that hold anything; null when none has, `empty` when all are. */
export function commonShape<Of extends string>(shapes: Iterable<Of | 'empty'>): Of | 'empty' | null {
  const counts = new Map<Of | 'empty', number>();
  let total = 0;
  for (const shape of shapes) {
    if (shape === 'empty') continue;
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
    total++;
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!best) return 'empty';
  return best[1] > total * 0.7 ? best[0] : null;
}
