import { MAX_TEXT } from '../../api/contact-schema.ts';
import {
  ACTIVITY_OPTIONS,
  APPROACH_OPTIONS,
  ARRANGEMENT_OPTIONS,
  CHANNEL_OPTIONS,
  DIRECTION_OPTIONS,
  HANDLER_OPTIONS,
  INITIATOR_OPTIONS,
  KIND_OPTIONS,
  MEANS_OPTIONS,
  type Option,
  PHASE_OPTIONS,
  TRADE_OPTIONS,
} from '../contact-words.ts';
import { LabelledField, RadioChips, SelectField, TextField, told } from './contact-fields.tsx';
import type { ContactField, ContactForm } from './draft.ts';

const COURSE: readonly ContactField[] = ['direction', 'handler', 'handledBy', 'minutes', 'cost', 'currency', 'at'];
const NATURE: readonly ContactField[] = [
  'channel',
  'initiator',
  'phase',
  'purpose',
  'result',
  'arrangement',
  'approach',
  'activity',
  'means',
  'trade',
];
const USUAL: Readonly<Partial<Record<ContactField, string>>> = { direction: 'in', handler: 'staff' };

/** Note, call, e-mail and meeting are most of what is logged. */
const USUAL_KINDS = 4;

/** A folded part stands open where something in it was filled in or does not fit. */
const isOpen = ({ draft, faults }: ContactForm, fields: readonly ContactField[]): boolean =>
  fields.some((field) => faults[field] !== undefined || (draft[field] !== '' && draft[field] !== USUAL[field]));

/** Who handled it, how long it took, what it cost. */
function Course({ form }: { readonly form: ContactForm }) {
  const { draft, faults } = form;
  return (
    <details class="more" open={isOpen(form, COURSE)}>
      <summary>Who began, when, how long, and who handled it</summary>
      <div class="stack">
        <div class="log-row">
          <RadioChips name="direction" legend="Who began" value={draft.direction} options={DIRECTION_OPTIONS} />
          <RadioChips name="handler" legend="Handled by" value={draft.handler} options={HANDLER_OPTIONS} />
        </div>
        <div class="log-grid">
          <TextField
            id="handledBy"
            name="handledBy"
            label="Name"
            hint="The colleague, or the service."
            value={draft.handledBy}
            fault={faults.handledBy}
            maxLength={100}
          />
          <TextField
            id="minutes"
            name="minutes"
            label="Minutes"
            inputMode="numeric"
            value={draft.minutes}
            fault={faults.minutes}
            maxLength={6}
          />
          <TextField
            id="cost"
            name="cost"
            label="Cost"
            hint="Empty: worked out from the rates."
            inputMode="decimal"
            value={draft.cost}
            fault={faults.cost}
            maxLength={20}
          />
          <TextField
            id="currency"
            name="currency"
            label="Currency"
            value={draft.currency}
            fault={faults.currency}
            maxLength={3}
          />
          <TextField
            id="at"
            name="at"
            type="datetime-local"
            label="When, in UTC"
            hint="Empty means now."
            value={draft.at}
            fault={faults.at}
          />
        </div>
      </div>
    </details>
  );
}

/** What kind of contact it was: channel, phase, means and result. */
function Nature({ form }: { readonly form: ContactForm }) {
  const { draft, faults } = form;
  const select = (field: ContactField, label: string, options: readonly Option[], none = 'Not said') => (
    <SelectField
      id={field}
      name={field}
      label={label}
      options={options}
      none={none}
      value={draft[field]}
      fault={faults[field]}
    />
  );
  const text = (field: 'purpose' | 'result', label: string, hint: string, maxLength: number) => (
    <TextField
      id={field}
      name={field}
      label={label}
      hint={hint}
      value={draft[field]}
      fault={faults[field]}
      maxLength={maxLength}
    />
  );
  return (
    <details class="more" open={isOpen(form, NATURE)}>
      <summary>Channel, purpose, result, and what kind of contact it was</summary>
      <div class="log-grid">
        {select('channel', 'Channel', CHANNEL_OPTIONS, 'The usual one of its kind')}
        {select('phase', 'Phase', PHASE_OPTIONS)}
        {text('purpose', 'Purpose', 'What it was for.', 200)}
        {text('result', 'Result', 'What came of it.', 500)}
        {select('arrangement', 'How it came about', ARRANGEMENT_OPTIONS)}
        {select('initiator', 'By whom', INITIATOR_OPTIONS, 'Whoever began')}
        {select('means', 'By what means', MEANS_OPTIONS)}
        {select('approach', 'Hard or soft', APPROACH_OPTIONS)}
        {select('activity', 'Active or passive', ACTIVITY_OPTIONS)}
        {select('trade', 'Form of trade', TRADE_OPTIONS)}
      </div>
    </details>
  );
}

/** The form that logs a contact by hand: two clicks and a sentence for the usual case, the rest folded away. */
export function ContactFormView({ customerId, form }: { readonly customerId: string; readonly form: ContactForm }) {
  const { draft, faults } = form;
  return (
    <form method="post" action={`/customers/${customerId}/log`} class="card log" aria-labelledby="log">
      <h2 id="log">Log a contact</h2>
      <input type="hidden" name="messageId" value={draft.messageId} />
      <RadioChips
        name="kind"
        legend="Kind"
        value={draft.kind}
        options={KIND_OPTIONS.slice(0, USUAL_KINDS)}
        rest={{ summary: 'More kinds', options: KIND_OPTIONS.slice(USUAL_KINDS) }}
      />
      <LabelledField id="text" label="What was said" fault={faults.text}>
        <textarea
          id="text"
          name="text"
          rows={2}
          maxLength={MAX_TEXT}
          dir="auto"
          required
          autofocus={faults.text !== undefined}
          {...told('text', faults.text)}
        >
          {draft.text}
        </textarea>
      </LabelledField>
      {faults.kind && (
        <p class="fault" role="alert">
          {faults.kind}
        </p>
      )}
      <Course form={form} />
      <Nature form={form} />
      <button type="submit">Save to the record</button>
    </form>
  );
}
