import type { Provider } from '../../sources/provider.ts';
import { makesSecret, type Source, validSecrets } from '../../sources/store.ts';
import { Ago, Moment } from './time.tsx';

function NotSet({ isOptional, vouches }: { readonly isOptional: boolean; readonly vouches: boolean }) {
  if (vouches) return 'None yet: who a visitor says to be stays a claim. Make one if people sign in on your site.';
  if (isOptional) return 'None: whoever knows the address may send. Once one is set, it is demanded.';
  return <strong class="tone-bad">Not set yet: nothing is accepted until it is.</strong>;
}

/** The secret on its way out: until when it counts, when it was last used, and a way to end it at once. */
function OldSecret({ source, now }: { readonly source: Source; readonly now: number }) {
  return (
    <>
      <p>
        The secret before it is still valid
        {source.oldSecretUntil === null ? (
          ' until the next change'
        ) : (
          <>
            {' '}
            until <Moment ms={source.oldSecretUntil} />
          </>
        )}
        .{' '}
        {source.oldSecretUsedAt === null ? (
          'Nothing has been signed with it since the change.'
        ) : (
          <>
            The sender last used it <Ago ms={source.oldSecretUsedAt} now={now} />.
          </>
        )}
      </p>
      <form method="post" action={`/sources/${source.publicId}/end-old-secret`}>
        <button type="submit" class="small quiet">
          End the old secret now
        </button>
      </form>
      <p class="hint">For a secret that has leaked. What is still signed with it is refused from then on.</p>
    </>
  );
}

type Props = { readonly source: Source; readonly provider: Provider; readonly now: number };

/** Pasting a new secret, or making one: the old one stays valid for a day, so that senders rotate at leisure. */
export function SecretForm({ source, provider, now }: Props) {
  const isOurs = makesSecret(provider);
  const has = validSecrets(source, now).length;
  return (
    <section class="card stack" aria-labelledby="secret">
      <h2 id="secret">Secret</h2>
      <p>
        {has === 0 ? (
          <NotSet isOptional={provider.secret === 'optional'} vouches={provider.vouching !== undefined} />
        ) : (
          'Set. It is never shown again.'
        )}
      </p>
      {has > 1 && <OldSecret source={source} now={now} />}
      <form method="post" action={`/sources/${source.publicId}/secret`} class="stack">
        <div class="field">
          <label for="secret-input">{isOurs ? 'A secret the sender made' : 'Paste the signing secret'}</label>
          <input
            id="secret-input"
            name="secret"
            maxLength={500}
            autocomplete="off"
            spellcheck={false}
            required={!isOurs}
            aria-describedby="secret-hint"
          />
          <p class="hint" id="secret-hint">
            {isOurs && 'Leave it empty to have a new one made here. '}
            {has > 0 && 'The present one stays valid beside it for 24 hours.'}
            {has > 1 && ' The one before it ends at once.'}
          </p>
        </div>
        <button type="submit" class="quiet">
          {isOurs ? 'Use this or a new one' : 'Save the secret'}
        </button>
      </form>
    </section>
  );
}
