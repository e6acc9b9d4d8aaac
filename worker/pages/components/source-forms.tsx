import type { Misfit, Provider } from '../../sources/provider.ts';
import type { Source } from '../../sources/store.ts';

/** Pasting a new secret, or making one: the old one stays valid until the next change, so that senders rotate at leisure. */
export function SecretForm({ source, provider }: { readonly source: Source; readonly provider: Provider }) {
  const isOurs = provider.secret === 'from_us';
  const has = source.secrets.length;
  return (
    <section class="card" aria-labelledby="secret">
      <h2 id="secret">Secret</h2>
      <p>
        {has === 0 ? (
          <strong class="tone-bad">Not set yet: nothing is accepted until it is.</strong>
        ) : has === 1 ? (
          'Set. It is never shown again.'
        ) : (
          'Set, and the one before it is still valid.'
        )}
      </p>
      <form method="post" action={`/sources/${source.publicId}/secret`} class="stack">
        {isOurs ? (
          <p class="hint">A new secret joins the present one, which stays valid until you make another.</p>
        ) : (
          <div class="field">
            <label for="secret-input">{has === 0 ? 'Paste the signing secret' : 'Paste a new signing secret'}</label>
            <input
              id="secret-input"
              name="secret"
              maxLength={500}
              autocomplete="off"
              spellcheck={false}
              required
              aria-describedby="secret-hint"
            />
            <p class="hint" id="secret-hint">
              {has === 0 ? provider.title : 'The present one stays valid beside it.'}
            </p>
          </div>
        )}
        <button type="submit" class="quiet">
          {isOurs ? 'Make a new secret' : 'Save the secret'}
        </button>
      </form>
    </section>
  );
}

type Typed = { readonly text: string; readonly misfits: readonly Misfit[] };

/** Name and settings. The settings of a provider are its own, so they are edited as they are kept. */
export function SettingsForm({ source, typed }: { readonly source: Source; readonly typed: Typed | null }) {
  const text = typed?.text ?? JSON.stringify(source.settings, null, 2);
  const misfits = typed?.misfits ?? [];
  const hasSettings = Object.keys(source.settings).length > 0;
  return (
    <section class="card" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <form method="post" action={`/sources/${source.publicId}/settings`} class="stack">
        <div class="field">
          <label for="name">Name</label>
          <input id="name" name="name" value={source.name} maxLength={100} required dir="auto" />
        </div>
        {hasSettings && (
          <details class="more" open={misfits.length > 0}>
            <summary>All settings, as JSON</summary>
            <div class="field">
              <label for="settings-json">Settings</label>
              <textarea
                id="settings-json"
                name="settings"
                rows={14}
                class="mono"
                spellcheck={false}
                aria-invalid={misfits.length > 0 ? 'true' : undefined}
                aria-describedby={misfits.length > 0 ? 'settings-fault' : undefined}
              >
                {text}
              </textarea>
              {misfits.length > 0 && (
                <ul class="fault" id="settings-fault" role="alert">
                  {misfits.map(({ path, message }) => (
                    <li key={`${path} ${message}`}>
                      <code>{path.replace(/^\$\.settings\.?/, '') || 'settings'}</code> {message}
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </details>
        )}
        <button type="submit" class="quiet">
          Save
        </button>
      </form>
    </section>
  );
}
