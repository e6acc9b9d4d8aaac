import type { Misfit } from '../../sources/provider.ts';
import type { Source } from '../../sources/store.ts';
import { misfitWords } from '../misfits.ts';
import { OriginsField } from './fields.tsx';

/** Settings as typed, with what is wrong with them. */
export type TypedSettings = { readonly text: string; readonly origins: string; readonly misfits: readonly Misfit[] };

const inSettings = (path: string): string => path.replace(/^\$\.settings\.?/, '') || 'settings';

function JsonField({ text, misfits }: Omit<TypedSettings, 'origins'>) {
  return (
    <details class="more" open={misfits.length > 0}>
      <summary>More settings, as JSON</summary>
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
          <ul class="fault" id="settings-fault">
            {misfits.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{inSettings(path)}</code> {misfitWords({ path, message })}
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}

/** Settings as they stand: the origins one a line, the rest as they are kept. */
function present(source: Source): TypedSettings {
  const { origins, ...others } = source.settings;
  return {
    text: Object.keys(others).length > 0 ? JSON.stringify(others, null, 2) : '',
    origins: Array.isArray(origins) ? origins.join('\n') : '',
    misfits: [],
  };
}

/** Name and settings. What a provider can be told is its own, so most of it is edited as it is kept. */
export function SettingsForm({ source, typed }: { readonly source: Source; readonly typed: TypedSettings | null }) {
  const { text, origins, misfits } = typed ?? present(source);
  const inOrigins = misfits.filter(({ path }) => path.startsWith('$.settings.origins'));
  const inOthers = misfits.filter((misfit) => !inOrigins.includes(misfit));
  const hasOthers = Object.keys(source.settings).some((name) => name !== 'origins');
  return (
    <section class="card" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <form method="post" action={`/sources/${source.publicId}/settings`} class="stack">
        <div class="field">
          <label for="name">Name</label>
          <input id="name" name="name" value={source.name} maxLength={100} required dir="auto" />
        </div>
        {Array.isArray(source.settings.origins) && (
          <OriginsField value={origins} fault={inOrigins.map(misfitWords).join('; ') || null} />
        )}
        {hasOthers && <JsonField text={text} misfits={inOthers} />}
        <button type="submit" class="quiet">
          Save
        </button>
      </form>
    </section>
  );
}
