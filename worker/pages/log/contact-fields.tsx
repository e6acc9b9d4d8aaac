import type { ComponentChildren } from 'preact';
import type { Option } from '../contact-words.ts';
import { Icon } from '../icons.tsx';

/** Fields of the forms in which contacts are logged. Each tells its fault, or else its hint. */

type FieldProps = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  readonly children: ComponentChildren;
};

/** What a control says of its fault or hint. */
export const told = (id: string, fault: string | undefined, hint?: string) => ({
  'aria-invalid': fault ? ('true' as const) : undefined,
  'aria-describedby': fault ? `${id}-fault` : hint ? `${id}-hint` : undefined,
});

export function LabelledField({ id, label, hint, fault, children }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {fault && (
        <p class="fault" id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
      {!fault && hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type InputProps = Omit<FieldProps, 'children'> & {
  readonly name: string;
  readonly value: string;
  readonly type?: 'text' | 'email' | 'tel' | 'datetime-local' | 'date';
  readonly inputMode?: 'numeric' | 'decimal' | 'email' | 'tel';
  readonly maxLength?: number;
  readonly list?: string;
  readonly required?: boolean;
};

export function TextField({ id, label, hint, fault, name, value, type = 'text', ...more }: InputProps) {
  return (
    <LabelledField id={id} label={label} hint={hint} fault={fault}>
      <input
        id={id}
        name={name}
        type={type}
        value={value}
        dir={type === 'text' ? 'auto' : undefined}
        autocomplete="off"
        {...more}
        {...told(id, fault, hint)}
      />
    </LabelledField>
  );
}

type SelectProps = Omit<FieldProps, 'children'> & {
  readonly name: string;
  readonly value: string;
  readonly options: readonly Option[];
  /** What stands there while nothing is chosen. */
  readonly none: string;
};

export function SelectField({ id, label, hint, fault, name, value, options, none }: SelectProps) {
  return (
    <LabelledField id={id} label={label} hint={hint} fault={fault}>
      <select id={id} name={name} {...told(id, fault, hint)}>
        <option value="" selected={value === ''}>
          {none}
        </option>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </LabelledField>
  );
}

type ChipsProps = {
  readonly name: string;
  readonly legend: string;
  readonly value: string;
  readonly options: readonly Option[];
  /** Rarer choices, which fold away. */
  readonly rest?: { readonly summary: string; readonly options: readonly Option[] };
};

function Chips({ name, value, options }: Omit<ChipsProps, 'legend' | 'rest'>) {
  return (
    <div class="chips">
      {options.map((option) => (
        <label key={option.value} class="chip">
          <input type="radio" name={name} value={option.value} checked={option.value === value} />
          {option.icon && <Icon name={option.icon} />}
          {option.label}
        </label>
      ))}
    </div>
  );
}

export function RadioChips({ name, legend, value, options, rest }: ChipsProps) {
  return (
    <fieldset class="radio-chips">
      <legend>{legend}</legend>
      <Chips name={name} value={value} options={options} />
      {rest && (
        <details class="more" open={rest.options.some((option) => option.value === value)}>
          <summary>{rest.summary}</summary>
          <Chips name={name} value={value} options={rest.options} />
        </details>
      )}
    </fieldset>
  );
}
