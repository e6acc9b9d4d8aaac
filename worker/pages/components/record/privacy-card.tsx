import type { CardProps } from './card.ts';

/** What a person may ask of those who hold their data. */
export function PrivacyCard({ record }: CardProps) {
  return (
    <section class="card" aria-labelledby="privacy">
      <h2 id="privacy">Privacy</h2>
      <p class="event-meta">
        <a href={`/customers/${record.id}/export`} download>
          Download all we hold
        </a>
        <a href={`/api/v1/customers/${record.id}/export`} download={`person-${record.id}.json`}>
          the same as JSON
        </a>
        <a href={`/customers/${record.id}/erase`}>Erase this person</a>
      </p>
    </section>
  );
}
