import type { ComponentChildren } from 'preact';
import { countries, languages } from '../../../schema/code-names.ts';
import type { CustomerRecord } from '../../record/customer.ts';
import { VoiceList, WordLine } from '../components/voices.tsx';
import type { Option } from '../contact-words.ts';
import { LabelledField, told } from '../log/contact-fields.tsx';
import { backOf, customOf, type EditForm, shownOf, wasOf } from './edit-form.ts';
import { fieldName, YES_NO } from './words.ts';

/** Controls of the form in which staff say who a person is: each with who says what, and a box that takes it back. */

type Props = { readonly record: CustomerRecord; readonly form: EditForm; readonly field: string };

const idOf = (field: string): string => `f-${field.replaceAll(/[^\w-]/g, (letter) => `_${letter.codePointAt(0)}`)}`;

/** Who says it, and how to take it back. */
function Sayers({ record, form, field }: Props) {
  const word = record.said.find((candidate) => candidate.field === field);
  const entry = record.profile[field];
  const voices = entry ? (entry.word ? entry.voices : [entry, ...entry.voices]) : [];
  const sources = voices.flatMap((voice) =>
    voice.assurance === 'staff' || voice.sourceName === null
      ? []
      : [{ value: voice.value, assurance: voice.assurance, at: voice.at, sourceName: voice.sourceName }],
  );
  return (
    <>
      {word && <WordLine word={word} />}
      {sources.length > 0 && <VoiceList field={field} voices={sources} />}
      {word && (
        <label class="take-back">
          <input type="checkbox" name={backOf(field)} value="1" checked={form.back.includes(field)} />
          <span>
            Take this back{sources.length > 0 ? ': what the sources say stands again' : ''}
            <span class="visually-hidden"> ({fieldName(field, record.customFields)})</span>
          </span>
        </label>
      )}
    </>
  );
}

function Frame({
  children,
  hint,
  ...props
}: Props & { readonly hint?: string | undefined; readonly children: ComponentChildren }) {
  const { record, form, field } = props;
  return (
    <div class="say">
      <LabelledField
        id={idOf(field)}
        label={fieldName(field, record.customFields)}
        hint={hint}
        fault={form.faults[field]}
      >
        {children}
        <input type="hidden" name={wasOf(field)} value={shownOf(record, field)} />
      </LabelledField>
      <Sayers {...props} />
    </div>
  );
}

type TextProps = Props & {
  readonly hint?: string;
  readonly type?: 'text' | 'date';
  readonly inputMode?: 'decimal';
  /** Id of a list of what may be written. */
  readonly list?: string;
};

export function TextControl({ hint, type = 'text', inputMode, list, ...props }: TextProps) {
  const { form, field } = props;
  const id = idOf(field);
  return (
    <Frame {...props} hint={hint}>
      <input
        id={id}
        name={field}
        value={form.values[field] ?? ''}
        maxLength={200}
        inputMode={inputMode}
        list={list}
        autocomplete="off"
        {...(type === 'date' ? ({ type: 'date' } as const) : ({ type: 'text', dir: 'auto' } as const))}
        {...told(id, form.faults[field], hint)}
      />
    </Frame>
  );
}

export function ChoiceControl({
  options,
  none,
  ...props
}: Props & { readonly options: readonly Option[]; readonly none: string }) {
  const { form, field } = props;
  const id = idOf(field);
  const value = form.values[field] ?? '';
  // What is no choice any more stays chosen until somebody chooses.
  const gone = value !== '' && !options.some((option) => option.value === value) ? [{ value, label: value }] : [];
  return (
    <Frame {...props}>
      <select id={id} name={field} {...told(id, form.faults[field])}>
        <option value="" selected={value === ''}>
          {none}
        </option>
        {[...gone, ...options].map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

/** The control of a field of the business's own, by its kind. */
export function OwnControl(props: Props) {
  const custom = customOf(props.record, props.field);
  if (custom?.kind === 'yes_no') return <ChoiceControl {...props} options={YES_NO} none="Not known" />;
  if (custom?.kind === 'choice')
    return (
      <ChoiceControl {...props} options={custom.choices.map((value) => ({ value, label: value }))} none="Not known" />
    );
  if (custom?.kind === 'date') return <TextControl {...props} type="date" />;
  if (custom?.kind === 'number') return <TextControl {...props} inputMode="decimal" hint="A number, like 12.5." />;
  return <TextControl {...props} />;
}

const NAMED = {
  language: { hint: 'Its name, in English or its own: Polish, polski.', all: languages },
  country: { hint: 'Its name, in English or its own: Poland, Polska.', all: countries },
} as const;

/** A language or a country: by its name, chosen of a list or typed. */
export function NamedControl({ field, ...props }: Props & { readonly field: keyof typeof NAMED }) {
  const { hint, all } = NAMED[field];
  return (
    <>
      <TextControl {...props} field={field} hint={hint} list={`all-${field}`} />
      <datalist id={`all-${field}`}>
        {all().map(({ code, name }) => (
          <option key={code} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** A day of the year. */
export const OccasionControl = (props: Props) => (
  <TextControl {...props} hint="03-14, or 1980-03-14 where you know the year." />
);
