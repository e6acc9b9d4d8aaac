import { Suggestions } from '../identity.tsx';
import type { CardProps } from './card.ts';

/** Other records that may be the same person. */
export function SamePersonCard({ record }: CardProps) {
  if (record.suggestions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="suggestions">
      <h2 id="suggestions">Same person?</h2>
      <Suggestions own={record.id} suggestions={record.suggestions} />
    </section>
  );
}
