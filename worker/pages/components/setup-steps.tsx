import type { SetupStep } from '../../sources/provider.ts';
import { Icon } from '../icons.tsx';

/** What a step may need at hand. */
export type AtHand = Readonly<Record<NonNullable<SetupStep['copy']>, string | null>>;

/** A value to select, with a button that copies it once its script has come. */
export function Copyable({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div class="copyable">
      <pre class="code" data-copy-text>
        {value}
      </pre>
      <button type="button" class="small quiet" data-copy hidden>
        <Icon name="copy" />
        <span data-copy-label>Copy</span>
        <span class="visually-hidden"> {label}</span>
      </button>
    </div>
  );
}

const LABELS: Readonly<Record<keyof AtHand, string>> = {
  url: 'the address',
  key: 'the write key',
  secret: 'the secret',
  snippet: 'the snippet',
  form: 'the form',
};

/** A script with what is at hand in it; a secret that is no longer shown is left for the owner to put in. */
function filled(code: string, { url, key, secret }: AtHand): string {
  const { origin = '', host = '' } = url === null ? {} : new URL(url);
  return code
    .replaceAll('{url}', url ?? '')
    .replaceAll('{origin}', origin)
    .replaceAll('{host}', host)
    .replaceAll('{key}', key ?? '')
    .replaceAll('{secret}', secret ?? 'PUT-THE-SECRET-HERE');
}

/** Numbered steps of a provider, each with what it needs. */
export function SetupSteps({ steps, atHand }: { readonly steps: readonly SetupStep[]; readonly atHand: AtHand }) {
  return (
    <ol class="steps">
      {steps.map(({ text, copy, code }) => {
        const value = copy ? atHand[copy] : null;
        return (
          <li key={text}>
            <p>{text}</p>
            {code && <Copyable label="the script" value={filled(code, atHand)} />}
            {copy && value && <Copyable label={LABELS[copy]} value={value} />}
            {copy === 'secret' && !value && (
              <p>
                <a href="#secret">Go to the secret</a>
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
