import { CONSENT_PAIRS, PURPOSES, type Purpose } from '../../../schema/consent.ts';
import { ASKED_FIRST } from '../../record/consent/may-contact.ts';
import type { Standing, Suppressed } from '../../record/consent/standing.ts';
import { CHANNEL_WORDS, howWeKnow, PURPOSE_WORDS, STATE_WORDS, SUPPRESSED_WORDS, UNSAID } from '../consent/words.ts';
import { formatDay } from '../format.ts';
import { Icon } from '../icons.tsx';

export const STATE_ICONS = { granted: 'check', denied: 'cross', none: 'note' } as const;

/** `Agreed`, `Refused`, with a sign that does not need its colour. */
function StateMark({ state }: { readonly state: 'granted' | 'denied' | 'none' }) {
  return (
    <span class={`consent-state consent-${state}`}>
      <Icon name={STATE_ICONS[state]} />
      {STATE_WORDS[state]}
    </span>
  );
}

/** What is said of a word that anybody may have typed. */
function claimWords({ purpose, state }: Standing): string {
  if (state === 'denied') return 'a claim, and kept to';
  return ASKED_FIRST.includes(purpose)
    ? 'a claim: it counts once they confirm it, so send them a preference link'
    : 'a claim: it changes nothing';
}

function Word({ standing }: { readonly standing: Standing }) {
  const { channel, state, at, basis, sourceName, assurance } = standing;
  return (
    <li>
      <span class="consent-channel">{CHANNEL_WORDS[channel]}</span>
      <StateMark state={state} />
      <span class="event-meta">
        <span dir="auto">
          {formatDay(at)}, {howWeKnow(basis, sourceName)}
        </span>
        {assurance === 'claimed' && <span>{claimWords(standing)}</span>}
      </span>
    </li>
  );
}

/** What stands for one purpose: channels of which something was said, else what silence means. */
export function PurposeWords({
  purpose,
  standing,
}: {
  readonly purpose: Purpose;
  readonly standing: readonly Standing[];
}) {
  const channels = CONSENT_PAIRS.filter((pair) => pair.purpose === purpose).map(({ channel }) => channel);
  const said = standing
    .filter((one) => one.purpose === purpose)
    .sort((a, b) => channels.indexOf(a.channel) - channels.indexOf(b.channel));
  return (
    <div class="consent-purpose">
      <h3>{PURPOSE_WORDS[purpose]}</h3>
      {said.length === 0 ? (
        <p class="hint">{UNSAID[purpose]}</p>
      ) : (
        <ul class="consent-words">
          {said.map((one) => (
            <Word key={one.channel} standing={one} />
          ))}
        </ul>
      )}
    </div>
  );
}

export const Purposes = ({ standing }: { readonly standing: readonly Standing[] }) => (
  <>
    {PURPOSES.map((purpose) => (
      <PurposeWords key={purpose} purpose={purpose} standing={standing} />
    ))}
  </>
);

/** Addresses that are written to for no purpose at all. */
export function SuppressedList({ suppressed }: { readonly suppressed: readonly Suppressed[] }) {
  return (
    <ul class="consent-words">
      {suppressed.map(({ channel, address, reason, at, isKept }) => (
        <li key={`${channel} ${address} ${reason} ${isKept}`}>
          <bdi class="consent-channel">{address}</bdi>
          <StateMark state="denied" />
          <span class="event-meta">
            <span>
              {CHANNEL_WORDS[channel]}, {formatDay(at)}: {SUPPRESSED_WORDS[reason].toLowerCase()}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
