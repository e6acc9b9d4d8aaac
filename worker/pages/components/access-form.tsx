import type { ComponentChildren } from 'preact';
import type { Lack } from '../../sources/details.ts';
import type { Misfit } from '../../sources/provider.ts';
import type { ApiField, ProviderApi } from '../../sources/provider-api.ts';
import type { Source } from '../../sources/store.ts';
import { plural } from '../format.ts';
import { misfitWords } from '../misfits.ts';
import { Hint } from './fields.tsx';

/** What is missing because the sender's webhooks left it out, and why it is still missing. */
function Missing({ source, lack }: { readonly source: Source; readonly lack: Lack }) {
  const { lacking, waiting, givenUp, error, canAsk } = lack;
  if (lacking === 0 && givenUp === 0) return <p class="hint">Nothing is missing at the moment.</p>;
  return (
    <>
      <p>
        {plural(lacking, 'contact')} still {lacking === 1 ? 'lacks' : 'lack'} details.
        {canAsk && waiting > 0 && ` ${plural(waiting, 'question')} to the sender under way.`}
        {!canAsk && ' They are asked for once access is set below.'}
      </p>
      {error && (
        <p class="fault">
          Details could not be fetched: <span dir="auto">{error}</span>
        </p>
      )}
      {canAsk && (lacking > 0 || givenUp > 0) && (
        <form method="post" action={`/sources/${source.publicId}/ask-again`}>
          <button type="submit" class="small quiet">
            Try again
          </button>
        </form>
      )}
    </>
  );
}

type FieldProps = { readonly field: ApiField; readonly source: Source; readonly fault: string | null };

function AccessField({ field, source, fault }: FieldProps) {
  const { name, label, hint = '', isSecret, isOptional } = field;
  const kept = source.credentials[name];
  const id = `access-${name}`;
  const state = kept === undefined ? '' : isSecret ? 'Kept; it is not shown again. Leave it empty to keep it. ' : '';
  const common = {
    id,
    name,
    maxLength: 2000,
    autocomplete: 'off' as const,
    spellcheck: false,
    'aria-describedby': fault ? `${id}-fault` : `${id}-hint`,
    'aria-invalid': fault ? ('true' as const) : undefined,
  };
  return (
    <div class="field">
      <label for={id}>
        {label}
        {isOptional && <span class="muted"> (optional)</span>}
      </label>
      {isSecret ? (
        <input {...common} type="password" value="" placeholder={kept === undefined ? undefined : 'kept'} />
      ) : (
        <input {...common} value={kept ?? ''} />
      )}
      <Hint name={id} label={label} hint={`${state}${hint}`} fault={fault} />
      {isSecret && kept !== undefined && (
        <label class="check">
          <input type="checkbox" name={`remove-${name}`} value="yes" /> Remove what is kept
        </label>
      )}
    </div>
  );
}

type Props = {
  readonly source: Source;
  readonly title: string;
  /** What the access is good for, how to get it, and what it consists of. */
  readonly access: Pick<ProviderApi, 'summary' | 'setup' | 'fields'>;
  readonly lack: Lack | null;
  readonly misfits: readonly Misfit[];
  /** What follows the form. */
  readonly children?: ComponentChildren;
};

/** Access to the sender's own API: what it is good for, how to get it, and the fields. Secrets go in and never come out. */
export function AccessForm({ source, title, access, lack, misfits, children }: Props) {
  const faultOf = (name: string): string | null =>
    misfits
      .filter(({ path }) => path === `$.credentials.${name}`)
      .map((misfit) => `It ${misfitWords(misfit)}.`)
      .join(' ') || null;
  return (
    <section class="card stack" aria-labelledby="access">
      <h2 id="access">{title}</h2>
      <p>{access.summary}</p>
      {lack && <Missing source={source} lack={lack} />}
      <details class="more" open={misfits.length > 0}>
        <summary>How to get it</summary>
        <ol class="steps">
          {access.setup.map(({ text, code }) => (
            <li key={text}>
              <p>{text}</p>
              {code && <pre class="code">{code}</pre>}
            </li>
          ))}
        </ol>
      </details>
      <form method="post" action={`/sources/${source.publicId}/access`} class="stack">
        {access.fields.map((field) => (
          <AccessField key={field.name} field={field} source={source} fault={faultOf(field.name)} />
        ))}
        <button type="submit" class="quiet">
          Save the access
        </button>
      </form>
      {children}
    </section>
  );
}
