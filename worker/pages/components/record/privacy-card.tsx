import type { CardProps } from './card.ts';

/** What a person may ask of those who hold their data. */
export function PrivacyCard({ record }: CardProps) {
  const hasAddress = record.identifiers.some(({ kind }) => kind === 'email');
  return (
    <section class="card" aria-labelledby="privacy">
      <h2 id="privacy">Privacy</h2>
      <p class="event-meta">
        <a href={`/customers/${record.id}/export`} download>
          Download all we hold
        </a>
      </p>
      <details class="more">
        <summary>More</summary>
        <p class="event-meta">
          <a href={`/api/v1/customers/${record.id}/export`} download={`person-${record.id}.json`}>
            All we hold as JSON
          </a>
          <a href={`/customers/${record.id}/erase`}>Erase this person</a>
        </p>
        <form method="post" action={`/customers/${record.id}/preference-link`} class="row record-link">
          {hasAddress && (
            <button type="submit" name="act" value="send" class="small quiet">
              Send a preference link
            </button>
          )}
          <button type="submit" name="act" value="make" class="small quiet">
            {hasAddress ? 'Make one to hand over' : 'Make a preference link to hand over'}
          </button>
        </form>
        <p class="hint">With it they see all of this themselves, choose what they are written about, or erase it.</p>
      </details>
    </section>
  );
}
