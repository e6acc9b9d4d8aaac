import { PURPOSES } from '../../../schema/consent.ts';
import type { NewWording, Wording } from '../../record/consent/wordings.ts';
import { Hint } from '../components/fields.tsx';
import { formatDay } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { PURPOSE_WORDS } from './words.ts';

export type WordingForm = NewWording & { readonly faults: Readonly<Partial<Record<keyof NewWording, string>>> };
export const blankWording: WordingForm = { version: '', language: 'en', purpose: 'marketing', text: '', faults: {} };

function TextField(props: {
  readonly name: 'version' | 'language';
  readonly label: string;
  readonly hint: string;
  readonly form: WordingForm;
  readonly maxLength: number;
}) {
  const { name, label, hint, form, maxLength } = props;
  const fault = form.faults[name] ?? null;
  return (
    <div class="field">
      <label for={name}>
        {label} <span class="hint">(required)</span>
      </label>
      <input
        id={name}
        name={name}
        autocomplete="off"
        maxLength={maxLength}
        value={form[name]}
        required
        aria-describedby={`${name}-${fault ? 'fault' : 'hint'}`}
        aria-invalid={fault ? 'true' : undefined}
      />
      <Hint name={name} label={label} hint={hint} fault={fault} />
    </div>
  );
}

function NewText({ form }: { readonly form: WordingForm }) {
  const fault = form.faults.text ?? null;
  return (
    <form method="post" action="/consent" class="card log" aria-labelledby="new">
      <h2 id="new">Add a text</h2>
      <div class="log-row">
        <TextField
          name="version"
          label="Version"
          hint="A new one whenever the words change, such as newsletter-2."
          form={form}
          maxLength={100}
        />
        <TextField name="language" label="Language" hint="As en, bg or zh-Hans." form={form} maxLength={35} />
        <div class="field">
          <label for="purpose">For</label>
          <select id="purpose" name="purpose">
            {PURPOSES.map((purpose) => (
              <option key={purpose} value={purpose} selected={purpose === form.purpose}>
                {PURPOSE_WORDS[purpose]}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div class="field">
        <label for="text">
          The text, word for word <span class="hint">(required)</span>
        </label>
        <textarea
          id="text"
          name="text"
          rows={4}
          maxLength={4000}
          required
          dir="auto"
          aria-describedby={`text-${fault ? 'fault' : 'hint'}`}
          aria-invalid={fault ? 'true' : undefined}
        >
          {form.text}
        </textarea>
        <Hint
          name="text"
          label=""
          hint="It cannot be changed afterwards: what people agreed to has to be shown."
          fault={fault}
        />
      </div>
      <button type="submit">Add</button>
    </form>
  );
}

type Props = {
  readonly wordings: readonly Wording[];
  readonly form: WordingForm;
  readonly notice: StaffPageProps['notice'];
};

/** `GET /consent`: the texts people are asked to agree to, and how a form asks. */
export function wordingsPage({ wordings, form, notice }: Props) {
  return (
    <StaffPage title="Consent" section="consent" notice={notice ?? null}>
      <header class="page-head">
        <h1>Consent</h1>
      </header>
      <p class="lead">
        Keep the texts you ask with here, by version. Each “yes” on a record then shows the very words it was said to.
      </p>
      <section aria-labelledby="texts">
        <h2 id="texts">Texts in use</h2>
        {wordings.length === 0 ? (
          <p class="empty">
            There is none yet. Add the text that stands beside your box, then name its version in the form: a check box{' '}
            <code>consent_marketing</code> and a hidden field <code>consent_wording</code>.
          </p>
        ) : (
          <ul class="events">
            {wordings.map(({ version, language, purpose, text, fromAt }) => (
              <li key={`${version} ${language}`} class="event">
                <Icon name="note" />
                <div class="event-body">
                  <p class="event-line">
                    <bdi>{version}</bdi> · {PURPOSE_WORDS[purpose]}
                  </p>
                  <p dir="auto" lang={language} class="consent-text">
                    {text}
                  </p>
                  <p class="event-meta">
                    <span>{language}</span>
                    <span>since {formatDay(fromAt)}</span>
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
      <NewText form={form} />
    </StaffPage>
  );
}
