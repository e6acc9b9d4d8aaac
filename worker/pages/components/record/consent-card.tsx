import { PURPOSES } from '../../../../schema/consent.ts';
import { PurposeWords, SuppressedList } from '../consent.tsx';
import type { CardProps } from './card.ts';

/** What they agreed to and refused. Purposes nobody has spoken of are left to the page of their own. */
export function ConsentCard({ record }: CardProps) {
  const { standing, suppressed } = record.consent;
  const spoken = PURPOSES.filter((purpose) => standing.some((one) => one.purpose === purpose));
  return (
    <section class="card" aria-labelledby="consent">
      <h2 id="consent">Consent</h2>
      {suppressed.length > 0 && <SuppressedList suppressed={suppressed} />}
      {spoken.map((purpose) => (
        <PurposeWords key={purpose} purpose={purpose} standing={standing} />
      ))}
      {spoken.length === 0 && (
        <p class="hint">They have neither agreed to anything nor refused it. No offers until they agree.</p>
      )}
      <p class="event-meta">
        <a href={`/customers/${record.id}/consent`}>Who said what, and when</a>
      </p>
    </section>
  );
}
