import { CONSENT_CHANNELS, type ConsentChannel, PURPOSES, type Purpose } from '../../../schema/consent.ts';
import type { Wording } from '../../record/consent/wordings.ts';
import { Hint } from '../components/fields.tsx';
import type { Form } from '../form.ts';
import { CHANNEL_WORDS, PURPOSE_WORDS } from './words.ts';

/** A word of theirs that reached staff: by telephone, on paper, over the counter. As it was typed, with what is wrong with it. */
export type WordForm = {
  readonly purpose: Purpose;
  readonly channel: ConsentChannel | 'all';
  readonly state: 'granted' | 'denied';
  /** `2026-05-03`, or empty for today. */
  readonly day: string;
  readonly note: string;
  readonly wording: string;
  readonly faults: { readonly note?: string; readonly day?: string };
};
export const blankWord: WordForm = {
  purpose: 'marketing',
  channel: 'email',
  state: 'denied',
  day: '',
  note: '',
  wording: '',
  faults: {},
};

const DAY_MS = 24 * 3600 * 1000;
const MAX_NOTE = 500;

/** Reads the form. `at` is the end of the day it was said, as far as that has come. */
export function readWord(form: Form, now: number): { readonly typed: WordForm; readonly at: number } {
  const day = form.text('day').trim();
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  const note = form.text('note').trim().slice(0, MAX_NOTE);
  const isWrongDay = day !== '' && !(midnight >= 0 && midnight <= now);
  const typed: WordForm = {
    purpose: PURPOSES.find((one) => one === form.text('purpose')) ?? 'marketing',
    channel: CONSENT_CHANNELS.find((one) => one === form.text('channel')) ?? 'all',
    state: form.text('state') === 'granted' ? 'granted' : 'denied',
    day,
    note,
    wording: form.text('wording').trim().slice(0, 100),
    faults: {
      ...(note === '' && {
        note: 'Write how they said it, so that it can be shown: who was asked, or where the paper is.',
      }),
      ...(isWrongDay && { day: 'Write a day that has come, as 2026-01-31, or leave it empty for today.' }),
    },
  };
  return { typed, at: day === '' || isWrongDay ? now : Math.min(now, midnight + DAY_MS - 1) };
}

function Select(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
}) {
  return (
    <div class="field">
      <label for={props.name}>{props.label}</label>
      <select id={props.name} name={props.name}>
        {props.options.map(([value, words]) => (
          <option key={value} value={value} selected={value === props.value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

const versionsOf = (wordings: readonly Wording[]): readonly (readonly [string, string])[] => [
  ['', 'none of ours'],
  ...[...new Set(wordings.map(({ version }) => version))].map((version) => [version, version] as const),
];

type Props = { readonly id: string; readonly form: WordForm; readonly wordings: readonly Wording[] };

export function WordFormView({ id, form, wordings }: Props) {
  const { note, day } = form.faults;
  return (
    <form method="post" action={`/customers/${id}/consent`} class="card log" aria-labelledby="say">
      <h2 id="say">Note what they told you</h2>
      <div class="log-row">
        <Select
          name="state"
          label="They"
          value={form.state}
          options={[
            ['denied', 'refused'],
            ['granted', 'agreed to'],
          ]}
        />
        <Select
          name="purpose"
          label="What"
          value={form.purpose}
          options={PURPOSES.map((purpose) => [purpose, PURPOSE_WORDS[purpose]])}
        />
        <Select
          name="channel"
          label="By"
          value={form.channel}
          options={[
            ...CONSENT_CHANNELS.map((channel) => [channel, CHANNEL_WORDS[channel]] as const),
            ['all', 'Every way'],
          ]}
        />
        <Select name="wording" label="Text they were shown" value={form.wording} options={versionsOf(wordings)} />
      </div>
      <div class="field">
        <label for="note">
          How they said it <span class="hint">(required)</span>
        </label>
        <textarea
          id="note"
          name="note"
          rows={2}
          maxLength={MAX_NOTE}
          required
          aria-describedby={note ? 'note-fault' : 'note-hint'}
          aria-invalid={note ? 'true' : undefined}
        >
          {form.note}
        </textarea>
        <Hint
          name="note"
          label=""
          hint="By telephone, on paper, over the counter; where it can be looked up."
          fault={note ?? null}
        />
      </div>
      <div class="field">
        <label for="day">On which day</label>
        <input
          id="day"
          name="day"
          type="date"
          value={form.day}
          aria-describedby={day ? 'day-fault' : 'day-hint'}
          aria-invalid={day ? 'true' : undefined}
        />
        <Hint name="day" label="" hint="Empty for today. What they say later stands over it." fault={day ?? null} />
      </div>
      <button type="submit">Add to the ledger</button>
    </form>
  );
}
