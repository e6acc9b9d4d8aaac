import type { CustomField } from '../../../schema/custom-field.ts';
import { HEARD_CONTACTS, HEARD_DAYS, type Heard, type HeardLately } from '../../record/own-fields/heard.ts';
import { plural } from '../format.ts';
import { LabelledField, told } from '../log/contact-fields.tsx';

/** What a field is filled from, and what sources have told of people lately. */

const HINT =
  'What your sources call it, one name a line: a trait such as plan, a column of a file, a question of a form. Empty: only you fill it in.';

export function FilledFrom({
  id,
  value,
  fault,
}: {
  readonly id: string;
  readonly value: string;
  readonly fault: string | undefined;
}) {
  return (
    <LabelledField id={id} label="Filled from" hint={HINT} fault={fault}>
      <textarea id={id} name="filledFrom" rows={2} dir="auto" {...told(id, fault, HINT)}>
        {value}
      </textarea>
    </LabelledField>
  );
}

function Examples({ heard }: { readonly heard: Heard }) {
  return (
    <span>
      {heard.examples.map((example, index) => (
        <span key={example}>
          {index > 0 && ', '}
          <bdi>{example}</bdi>
        </span>
      ))}
    </span>
  );
}

/** What fills a field: how often it came, and what did not fit. */
export function Filling({ field, heard }: { readonly field: CustomField; readonly heard: HeardLately }) {
  if (field.filledFrom.length === 0) return null;
  const mine = heard.names.filter(({ fields }) => fields.includes(field.key));
  const times = mine.reduce((sum, one) => sum + one.times, 0);
  const out = heard.keptOut.get(field.key);
  return (
    <div class="event-meta">
      <span>
        filled from <bdi>{field.filledFrom.join(', ')}</bdi>
      </span>
      {!field.isArchived && (
        <span>
          {times === 0 ? 'nothing came lately' : `came ${times === 1 ? 'once' : `${times} times`} lately`}
          {mine.map((one) => (
            <span key={one.name}>
              , such as <Examples heard={one} />
            </span>
          ))}
        </span>
      )}
      {out && (
        <span class="fault" dir="auto">
          {out.times === 1 ? 'one was kept out' : `${out.times} were kept out`}: {out.why}
        </span>
      )}
    </div>
  );
}

const MOST = 20;

/** What came that no field takes, so that staff see what they could keep. */
export function Untaken({ heard }: { readonly heard: HeardLately }) {
  const untaken = heard.names.filter(({ fields }) => fields.length === 0).slice(0, MOST);
  if (untaken.length === 0) return null;
  return (
    <section class="card stack narrow" aria-labelledby="untaken">
      <h2 id="untaken">What your sources also tell</h2>
      <p class="hint">
        Of the last {HEARD_DAYS} days, at most {HEARD_CONTACTS.toLocaleString('en-GB')} contacts. No field takes these;
        to keep one, name it where a field says “Filled from”. What came before is then filled in too.
      </p>
      <ul class="voices">
        {untaken.map((one) => (
          <li key={one.name}>
            <b dir="auto">{one.name}</b> <span class="muted">{plural(one.times, 'time')}, such as</span>{' '}
            <Examples heard={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}
