import { Identifiers, Profile } from '../identity.tsx';
import type { CardProps } from './card.ts';

/** What is known of the person, and how surely. */
export function WhoCard({ record }: CardProps) {
  return (
    <section class="card" aria-labelledby="who">
      <h2 id="who">Who this is</h2>
      <Profile profile={record.profile} at={record.at} />
      <Identifiers identifiers={record.identifiers} />
      <p class="event-meta">
        <a href={`/customers/${record.id}/why`}>Why is this one person?</a>
        <a href={`/customers/${record.id}/compare`}>Join with another record</a>
      </p>
    </section>
  );
}
