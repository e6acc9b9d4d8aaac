import { MAX_NAME } from '../../record/groups/names.ts';
import type { Faults } from '../../record/groups/organisations.ts';
import { describedBy, type FieldProps, Hint } from '../components/fields.tsx';

/** What was typed of an organisation, and what is wrong with it. */
export type OrganisationForm = { readonly name: string; readonly domain: string; readonly faults: Faults };

const HINTS = {
  name: 'As its people call it.',
  domain: 'Optional, such as acme.example: whoever has an address there is suggested as a member.',
} as const;
const LABELS = { name: 'Name', domain: 'Domain of their e-mail addresses' } as const;

/** The two fields of an organisation. */
export function OrganisationFields({ form }: { readonly form: OrganisationForm }) {
  return (
    <>
      {(['name', 'domain'] as const).map((name) => {
        const field: FieldProps = { name, label: LABELS[name], hint: HINTS[name], fault: form.faults[name] ?? null };
        return (
          <div class="field" key={name}>
            <label for={name}>{field.label}</label>
            <input
              id={name}
              name={name}
              value={form[name]}
              maxLength={name === 'name' ? MAX_NAME : 253}
              required={name === 'name'}
              dir="auto"
              autocomplete="off"
              spellcheck={name === 'name'}
              aria-describedby={describedBy(field)}
              aria-invalid={field.fault ? 'true' : undefined}
            />
            <Hint {...field} />
          </div>
        );
      })}
    </>
  );
}
