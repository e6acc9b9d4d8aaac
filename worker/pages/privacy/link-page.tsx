import type { Made } from '../../outbox/staff-links.ts';
import { Copyable } from '../components/setup-steps.tsx';
import { Moment } from '../components/time.tsx';
import { StaffPage } from '../layout.tsx';

/** What `POST /customers/:id/preference-link` answers when the link is to be handed over: shown this once. */
export function linkPage({
  id,
  name,
  link,
}: {
  readonly id: string;
  readonly name: string | null;
  readonly link: Made;
}) {
  return (
    <StaffPage title="Preference link" section="customers" islands={['copy']}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href={`/customers/${id}`} dir="auto">
              {name ?? 'No name yet'}
            </a>
          </p>
          <h1>A link to their own data</h1>
        </div>
      </header>
      <section class="card stack" aria-labelledby="link">
        <h2 id="link">Hand it to them, and to nobody else</h2>
        <Copyable label="the link" value={link.url} />
        <p>
          It works once, until <Moment ms={link.expiresAt} />, and shows whoever opens it what this record holds; where
          you have joined records by hand, only the part it is for. Copy it now: it is not shown again.
        </p>
        <p>
          <a href={`/customers/${id}`}>Back to the record</a>
        </p>
      </section>
    </StaffPage>
  );
}
