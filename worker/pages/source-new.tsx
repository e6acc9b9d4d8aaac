import { type Misfit, PROVIDER_GROUPS, type Provider, type ProviderGroup } from '../sources/provider.ts';
import { providers } from '../sources/providers.gen.ts';
import { providerOf } from '../sources/store.ts';
import { describedBy, type FieldProps, Hint, OriginsField } from './components/fields.tsx';
import type { Form } from './form.ts';
import { StaffPage } from './layout.tsx';
import { misfitWords } from './misfits.ts';

/** What was typed when a source could not be added, with what is wrong. */
export type SourceDraft = { readonly name: string; readonly secret: string; readonly origins: string };
export const BLANK: SourceDraft = { name: '', secret: '', origins: '' };

/** Settings a provider starts with; what it takes can be read off them. */
export function defaultSettings(provider: Provider): Record<string, unknown> {
  const parsed = provider.parseSettings({});
  return parsed.ok ? parsed.settings : {};
}

/** True for providers whose settings hold a list of origins. */
export const takesOrigins = (provider: Provider): boolean => Array.isArray(defaultSettings(provider).origins);

/** One address a line; a bare `shop.example` is meant as `https://shop.example`. */
export const originsOf = (text: string): string[] =>
  text
    .split(/[\n,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (/^[a-z]+:\/\//i.test(line) ? line : `https://${line}`))
    .map((line) => (URL.canParse(line) ? new URL(line).origin : line));

export const sourceDraftOf = (form: Form): SourceDraft => ({
  name: form.text('name').slice(0, 100),
  secret: form.text('secret').trim(),
  origins: form.text('origins'),
});

/** The faults of one field, by the beginning of its path. */
export const faultOf = (misfits: readonly Misfit[], path: string): string | null =>
  misfits
    .filter((misfit) => misfit.path.startsWith(path))
    .map(misfitWords)
    .join('; ') || null;

const GROUP_TITLES: Readonly<Record<ProviderGroup, string>> = {
  site: 'Your own pages',
  shop: 'Shops',
  payment: 'Payments',
  form: 'Forms and meetings',
  email: 'E-mail',
  message: 'Messages and support',
  other: 'Anything else',
};

/** `GET /sources/new`: what can be connected. */
function chooseProviderPage() {
  return (
    <StaffPage title="Add a source" section="sources">
      <header class="page-head">
        <h1>Add a source</h1>
      </header>
      <p class="lead">Where do your customers meet you?</p>
      {PROVIDER_GROUPS.map((group) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`}>{GROUP_TITLES[group]}</h2>
          <ul class="cards">
            {providers
              .filter((provider) => provider.group === group)
              .map(({ kind, title, summary }) => (
                <li key={kind} class="card choice">
                  <h3>
                    <a href={`/sources/new?kind=${kind}`}>{title}</a>
                  </h3>
                  <p>{summary}</p>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </StaffPage>
  );
}

type FormProps = { readonly provider: Provider; readonly draft: SourceDraft; readonly misfits: readonly Misfit[] };

/** `GET /sources/new?kind=`: the few things a source needs to know. */
export function newSourcePage({ provider, draft, misfits }: FormProps) {
  const secret: FieldProps = {
    name: 'secret',
    label: 'Signing secret',
    hint: 'The sender shows it where webhooks are set up. You can also paste it on the next page, once you have it.',
    fault: faultOf(misfits, '$.secret'),
  };
  const other = misfits.filter(({ path }) => !/^\$\.(secret|settings\.origins)/.test(path));
  return (
    <StaffPage title={`Add ${provider.title}`} section="sources">
      <header class="page-head">
        <h1>Add {provider.title}</h1>
      </header>
      <p class="lead">{provider.summary}</p>
      <form method="post" action="/sources" class="card stack narrow">
        <input type="hidden" name="kind" value={provider.kind} />
        <div class="field">
          <label for="name">Name</label>
          <input
            id="name"
            name="name"
            value={draft.name}
            placeholder={provider.title}
            maxLength={100}
            dir="auto"
            aria-describedby="name-hint"
          />
          <p class="hint" id="name-hint">
            What your colleagues will call it.
          </p>
        </div>
        {(provider.secret === 'from_sender' || provider.secret === 'optional') && (
          <div class="field">
            <label for="secret">{secret.label}</label>
            <input
              id="secret"
              name="secret"
              value={draft.secret}
              maxLength={500}
              autocomplete="off"
              spellcheck={false}
              aria-describedby={describedBy(secret)}
              aria-invalid={secret.fault ? 'true' : undefined}
            />
            <Hint {...secret} />
          </div>
        )}
        {takesOrigins(provider) && (
          <OriginsField value={draft.origins} fault={faultOf(misfits, '$.settings.origins')} />
        )}
        {other.map(({ path, message }) => (
          <p key={path} class="fault" role="alert">
            {path.replace('$.', '')} {misfitWords({ path, message })}
          </p>
        ))}
        <button type="submit">Add {provider.title}</button>
      </form>
      <p>
        <a href="/sources/new">Choose another kind</a>
      </p>
    </StaffPage>
  );
}

/** The page for a kind in the URL: the form of that provider, or the choice. */
export function addSourcePage(kind: string | undefined) {
  const provider = kind === undefined ? undefined : providerOf(kind);
  return provider ? newSourcePage({ provider, draft: BLANK, misfits: [] }) : chooseProviderPage();
}
