import { BODY_DAYS, MAX_BODY_DAYS, REFUSED_DAYS } from '../../record/retention.ts';
import type { Source } from '../../sources/store.ts';
import { plural } from '../format.ts';
import { describedBy, type FieldProps, Hint } from './fields.tsx';

/** How long the bodies of deliveries are kept. */
export function KeepingForm({ source, fault }: { readonly source: Source; readonly fault: string | null }) {
  const field: FieldProps = {
    name: 'bodyDays',
    label: 'Days to keep what was sent',
    hint: `From 0 to ${MAX_BODY_DAYS}. With 0 nothing is kept and nothing can be replayed; what could not be read stays ${plural(REFUSED_DAYS, 'day')} so that you can mend it, what is held until it is read.`,
    fault,
  };
  return (
    <section class="card" aria-labelledby="keeping">
      <h2 id="keeping">Raw bodies</h2>
      <p>
        What the sender wrote is kept for a while, to look at and to replay. Passwords, card numbers, keys and
        signatures in it are masked before it is kept.
      </p>
      <form method="post" action={`/sources/${source.publicId}/keeping`} class="stack">
        <div class="field">
          <label for={field.name}>{field.label}</label>
          <input
            id={field.name}
            name={field.name}
            type="number"
            min={0}
            max={MAX_BODY_DAYS}
            required
            value={source.bodyDays ?? BODY_DAYS}
            aria-describedby={describedBy(field)}
            aria-invalid={fault ? 'true' : undefined}
          />
          <Hint {...field} />
        </div>
        <button type="submit" class="quiet">
          Save
        </button>
      </form>
    </section>
  );
}
