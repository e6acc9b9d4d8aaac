import type { DIRECTIONS, HANDLERS } from '../../schema/vocabulary.ts';
import type { Runtime } from '../platform/env.ts';
import { type HandLogged, logByHand } from '../record/by-hand.ts';
import { customerIdOf } from '../record/customers.ts';
import type { Form } from './form.ts';
import { Icon, type IconName } from './icons.tsx';

/** What was typed, as it stands in the form: given back whole when something does not fit. */
export type ContactDraft = {
  readonly messageId: string;
  readonly kind: string;
  readonly direction: string;
  readonly handler: string;
  readonly at: string;
  readonly text: string;
};
export type ContactFaults = { readonly text?: string; readonly at?: string };
export type ContactForm = { readonly draft: ContactDraft; readonly faults: ContactFaults };

type Option<T extends string> = { readonly value: T; readonly label: string; readonly icon?: IconName };

const KINDS: readonly Option<HandLogged['kind']>[] = [
  { value: 'note_added', label: 'Note', icon: 'note' },
  { value: 'call_logged', label: 'Call', icon: 'phone' },
  { value: 'meeting_held', label: 'Meeting', icon: 'meeting' },
  { value: 'letter_sent', label: 'Letter', icon: 'letter' },
];
const DIRECTION_OPTIONS: readonly Option<(typeof DIRECTIONS)[number]>[] = [
  { value: 'in', label: 'They came to us' },
  { value: 'out', label: 'We went to them' },
];
const HANDLER_OPTIONS: readonly Option<(typeof HANDLERS)[number]>[] = [
  { value: 'staff', label: 'Our own staff' },
  { value: 'outsourced', label: 'An outside service' },
];

export const MAX_TEXT = 5000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An empty form. Its id makes pressing the button twice log once. */
export const blankDraft = (messageId: string): ContactDraft => ({
  messageId,
  kind: 'note_added',
  direction: 'in',
  handler: 'staff',
  at: '',
  text: '',
});

export const draftOf = (form: Form, freshId: string): ContactDraft => ({
  messageId: UUID.test(form.text('messageId')) ? form.text('messageId') : freshId,
  kind: form.text('kind'),
  direction: form.text('direction'),
  handler: form.text('handler'),
  at: form.text('at').trim(),
  text: form.text('text').trim(),
});

/** A time as `datetime-local` writes it, read as UTC; null for none, NaN for nonsense. */
export function momentOf(at: string): number | null {
  if (at === '') return null;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(at) ? Date.parse(`${at}Z`) : Number.NaN;
}

/** What keeps a draft from being logged. */
export function faultsOf({ text, at }: ContactDraft, now: number): ContactFaults {
  const moment = momentOf(at);
  return {
    ...(text === '' && { text: 'Write a word about what was said.' }),
    ...(text.length > MAX_TEXT && { text: `Use at most ${MAX_TEXT} characters; these are ${text.length}.` }),
    ...(Number.isNaN(moment) && { at: 'Write the time like 2026-11-22T14:05, or leave it empty for now.' }),
    ...(moment !== null && moment > now && { at: 'This time has not come yet. Leave it empty for now.' }),
  };
}

const chosen = <T extends string>(options: readonly Option<T>[], value: string, fallback: T): T =>
  options.find((option) => option.value === value)?.value ?? fallback;

/** Logs a draft that has no faults. False when there is no such customer. */
export async function logContact(runtime: Runtime, publicId: string, draft: ContactDraft): Promise<boolean> {
  const customer = await customerIdOf(runtime.db, publicId);
  if (customer === null) return false;
  await logByHand(runtime, customer, {
    messageId: draft.messageId,
    kind: chosen(KINDS, draft.kind, 'note_added'),
    direction: chosen(DIRECTION_OPTIONS, draft.direction, 'in'),
    handler: chosen(HANDLER_OPTIONS, draft.handler, 'staff'),
    text: draft.text,
    occurredAt: momentOf(draft.at),
  });
  return true;
}

type ChipsProps = {
  readonly name: string;
  readonly legend: string;
  readonly value: string;
  readonly options: readonly Option<string>[];
};

function RadioChips({ name, legend, value, options }: ChipsProps) {
  return (
    <fieldset class="radio-chips">
      <legend>{legend}</legend>
      <div class="chips">
        {options.map((option) => (
          <label key={option.value} class="chip">
            <input type="radio" name={name} value={option.value} checked={option.value === value} />
            {option.icon && <Icon name={option.icon} />}
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The form that logs a contact by hand: two clicks and a sentence for the usual case, the rest folded away. */
export function ContactFormView({ customerId, form }: { readonly customerId: string; readonly form: ContactForm }) {
  const { draft, faults } = form;
  const isOpen = draft.at !== '' || draft.handler !== 'staff' || draft.direction !== 'in' || faults.at !== undefined;
  return (
    <form method="post" action={`/customers/${customerId}/log`} class="card log" aria-labelledby="log">
      <h2 id="log">Log a contact</h2>
      <input type="hidden" name="messageId" value={draft.messageId} />
      <RadioChips name="kind" legend="Kind" value={draft.kind} options={KINDS} />
      <div class="field">
        <label for="text">What was said</label>
        <textarea
          id="text"
          name="text"
          rows={2}
          maxLength={MAX_TEXT}
          dir="auto"
          required
          aria-invalid={faults.text ? 'true' : undefined}
          aria-describedby={faults.text ? 'text-fault' : undefined}
          autofocus={faults.text !== undefined}
        >
          {draft.text}
        </textarea>
        {faults.text && (
          <p class="fault" id="text-fault" role="alert">
            {faults.text}
          </p>
        )}
      </div>
      <details class="more" open={isOpen}>
        <summary>Who began, when, and who handled it</summary>
        <div class="log-row">
          <RadioChips name="direction" legend="Who began" value={draft.direction} options={DIRECTION_OPTIONS} />
          <RadioChips name="handler" legend="Handled by" value={draft.handler} options={HANDLER_OPTIONS} />
          <div class="field">
            <label for="at">When, in UTC</label>
            <input
              id="at"
              name="at"
              type="datetime-local"
              value={draft.at}
              aria-invalid={faults.at ? 'true' : undefined}
              aria-describedby={faults.at ? 'at-fault' : 'at-hint'}
            />
            {faults.at ? (
              <p class="fault" id="at-fault" role="alert">
                {faults.at}
              </p>
            ) : (
              <p class="hint" id="at-hint">
                Empty means now.
              </p>
            )}
          </div>
        </div>
      </details>
      <button type="submit">Save to the record</button>
    </form>
  );
}
