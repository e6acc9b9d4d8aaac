import { type CustomField, FIELD_KINDS, type FieldKind } from '../../../schema/custom-field.ts';
import type { HeardLately } from '../../record/own-fields/heard.ts';
import type { Option } from '../contact-words.ts';
import { plural } from '../format.ts';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { LabelledField, SelectField, TextField, told } from '../log/contact-fields.tsx';
import { FilledFrom, Filling, Untaken } from './field-filling.tsx';

export type FieldForm = {
  /** Key of the field that is changed; null for a new one. */
  readonly changing: string | null;
  readonly label: string;
  readonly key: string;
  readonly kind: string;
  /** One a line. */
  readonly choices: string;
  /** One a line. */
  readonly filledFrom: string;
  readonly faults: {
    readonly label?: string;
    readonly key?: string;
    readonly choices?: string;
    readonly filledFrom?: string;
  };
};
const BLANK_FIELD: FieldForm = {
  changing: null,
  label: '',
  key: '',
  kind: 'text',
  choices: '',
  filledFrom: '',
  faults: {},
};

export type FieldsPageProps = {
  readonly fields: readonly CustomField[];
  readonly heard: HeardLately;
  readonly form: FieldForm | null;
  readonly notice?: StaffPageProps['notice'];
};

const KIND_WORDS: Readonly<Record<FieldKind, string>> = {
  text: 'Text',
  number: 'Number',
  date: 'Day',
  choice: 'One of a list',
  yes_no: 'Yes or no',
};
const KIND_OPTIONS: readonly Option[] = FIELD_KINDS.map((value) => ({ value, label: KIND_WORDS[value] }));

function Choices({ id, form }: { readonly id: string; readonly form: FieldForm }) {
  const hint = 'One a line, for a field that is one of a list.';
  return (
    <LabelledField id={id} label="Choices" hint={hint} fault={form.faults.choices}>
      <textarea id={id} name="choices" rows={4} dir="auto" {...told(id, form.faults.choices, hint)}>
        {form.choices}
      </textarea>
    </LabelledField>
  );
}

const formFor = (field: CustomField): FieldForm => ({
  ...BLANK_FIELD,
  changing: field.key,
  label: field.label,
  choices: field.choices.join('\n'),
  filledFrom: field.filledFrom.join('\n'),
});

type ItemProps = Pick<FieldsPageProps, 'heard' | 'form'> & { readonly field: CustomField };

function FieldItem({ field, heard, form }: ItemProps) {
  const shown = form?.changing === field.key ? form : formFor(field);
  return (
    <li class={field.isArchived ? 'member has-left' : 'member'}>
      <p class="member-name">
        <b dir="auto">{field.label}</b>
        {field.isArchived && <span class="muted">archived</span>}
      </p>
      <p class="event-meta">
        <span>{KIND_WORDS[field.kind]}</span>
        <span class="mono">{field.key}</span>
        {field.choices.length > 0 && <span dir="auto">{field.choices.join(', ')}</span>}
      </p>
      <Filling field={field} heard={heard} />
      <details class="more" open={form?.changing === field.key}>
        <summary>
          Change<span class="visually-hidden"> {field.label}</span>
        </summary>
        <form method="post" action={`/fields/${field.key}`} class="stack">
          <TextField
            id={`label-${field.key}`}
            name="label"
            label="What people call it"
            value={shown.label}
            fault={shown.faults.label}
            maxLength={60}
          />
          {field.kind === 'choice' && <Choices id={`choices-${field.key}`} form={shown} />}
          <FilledFrom id={`from-${field.key}`} value={shown.filledFrom} fault={shown.faults.filledFrom} />
          <label class="take-back">
            <input type="checkbox" name="archived" value="1" checked={field.isArchived} />
            <span>Archived: it is not asked for any more, and what is held in it stays.</span>
          </label>
          <button type="submit" class="quiet">
            Save
          </button>
        </form>
      </details>
    </li>
  );
}

function NewField({ form }: { readonly form: FieldForm }) {
  return (
    <section class="card narrow" aria-labelledby="add">
      <h2 id="add">Add a field</h2>
      <form method="post" action="/fields" class="stack">
        <TextField
          id="new-label"
          name="label"
          label="What people call it"
          hint="Such as Shoe size."
          value={form.label}
          fault={form.faults.label}
          maxLength={60}
        />
        <TextField
          id="new-key"
          name="key"
          label="What programs call it"
          hint="Small letters, digits and _. Empty: made from the name. It stays."
          value={form.key}
          fault={form.faults.key}
          maxLength={40}
        />
        <SelectField
          id="new-kind"
          name="kind"
          label="What it holds"
          value={form.kind}
          options={KIND_OPTIONS.slice(1)}
          none="Text"
        />
        <Choices id="new-choices" form={form} />
        <FilledFrom id="new-from" value={form.filledFrom} fault={form.faults.filledFrom} />
        <button type="submit">Add</button>
      </form>
    </section>
  );
}

/** `GET /fields`: what the business keeps of people beside what every business does. */
export function fieldsPage({ fields, heard, form, notice = null }: FieldsPageProps) {
  return (
    <StaffPage title="Fields" section="fields" notice={notice}>
      <header class="page-head">
        <h1>Fields</h1>
        <p class="muted">{plural(fields.filter(({ isArchived }) => !isArchived).length, 'field')} of your own</p>
      </header>
      <p class="lead">
        What you keep of people beside name, language, country, city and company. A field shows on the record, in
        exports and in the API. You fill it in on a record, or name what your sources call it. Keep no more than you
        need: people may ask what you hold of them.
      </p>
      {fields.length === 0 ? (
        <p class="empty">No fields of your own yet. Add the first one below.</p>
      ) : (
        <ul class="members" aria-label="Your fields">
          {fields.map((field) => (
            <FieldItem key={field.key} field={field} heard={heard} form={form} />
          ))}
        </ul>
      )}
      <Untaken heard={heard} />
      <NewField form={form?.changing === null ? form : BLANK_FIELD} />
    </StaffPage>
  );
}
