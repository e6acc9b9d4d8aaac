import { deliveryTime } from '../platform/clock.ts';
import type { Runtime } from '../platform/env.ts';
import { readDelivery } from '../record/deliveries.ts';
import { sourceByInternalId } from '../sources/store.ts';
import { Outcome, ReplayButton } from './components/deliveries.tsx';
import { Moment } from './components/time.tsx';
import { StaffPage } from './layout.tsx';
import { RawBody } from './raw-body.tsx';
import { reasonSentence } from './reasons.ts';

/** The number of a delivery in a path; null for what is none. */
export const deliveryNumber = (id: string): number | null => (/^\d{1,16}$/.test(id) ? Number(id) : null);

/** `GET /deliveries/:id`: what arrived, as it arrived. Null when there is no such delivery. */
export async function deliveryPage(runtime: Runtime, id: string) {
  const number = deliveryNumber(id);
  const kept = number === null ? null : await readDelivery(runtime.db, number);
  if (!kept) return null;
  const source = kept.sourceId === null ? null : await sourceByInternalId(runtime, kept.sourceId);
  const reason = reasonSentence(kept);
  return (
    <StaffPage title={`Delivery ${kept.id}`} section="sources">
      <header class="page-head">
        <div>
          {source && (
            <p class="label">
              <a href={`/sources/${source.publicId}`} dir="auto">
                {source.name}
              </a>
            </p>
          )}
          <h1>Delivery</h1>
        </div>
        {kept.body && <ReplayButton id={kept.id} />}
      </header>
      <p class="delivery-head">
        <Outcome outcome={kept.outcome} /> <Moment ms={deliveryTime(kept.id)} />
      </p>
      {reason && <p dir="auto">{reason}</p>}
      <section aria-labelledby="headers">
        <h2 id="headers">Headers kept</h2>
        {Object.keys(kept.headers).length === 0 ? (
          <p class="hint">None.</p>
        ) : (
          <dl class="facts card">
            {Object.entries(kept.headers).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto">{String(value)}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>
      <section aria-labelledby="body">
        <h2 id="body">Body</h2>
        <RawBody body={kept.body} headers={kept.headers} />
      </section>
    </StaffPage>
  );
}
