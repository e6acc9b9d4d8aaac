import type { ComponentChildren } from 'preact';
import { Icon } from '../icons.tsx';

type Props = {
  readonly action: string;
  /** What is searched, for who does not see the form: "Search products". */
  readonly label: string;
  readonly placeholder: string;
  readonly q: string;
  /** What the list is narrowed by besides, and stays so: names and values. */
  readonly kept?: readonly (readonly [string, string])[];
  /** Controls between the text and the button. */
  readonly children?: ComponentChildren;
};

/** The one field by which a list is searched. */
export function SearchForm({ action, label, placeholder, q, kept = [], children }: Props) {
  return (
    <search>
      <form method="get" action={action} class="search">
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <label class="visually-hidden" for="q">
          {label}
        </label>
        <input
          id="q"
          name="q"
          type="search"
          value={q}
          placeholder={placeholder}
          maxLength={100}
          dir="auto"
          data-search
          autocomplete="off"
        />
        {children}
        <button type="submit">
          <Icon name="search" />
          Search
        </button>
      </form>
    </search>
  );
}
