import type { Assurance } from '../../../schema/customer.ts';
import type { ProfileValue, Word as StaffWord, Voice } from '../../record/customer.ts';
import { formatDay } from '../format.ts';
import { Icon } from '../icons.tsx';
import { actorWords, codeName, isOwn } from '../who/words.ts';

const CLAIM = 'Somebody typed it; nothing proves it.';

/** How far a fact can be trusted, in a word and in a sentence. */
const TRUST: Readonly<Record<Assurance | 'staff' | 'themselves', { readonly word: string; readonly why: string }>> = {
  staff: { word: 'staff say', why: 'Somebody of your team says so. It stands over what sources say.' },
  themselves: { word: 'they say', why: 'They said so in the preference centre. It stands over what sources say.' },
  verified: { word: 'proved', why: 'The person proved it.' },
  asserted: { word: 'from a source', why: 'A signed source says so of its own customer.' },
  claimed: { word: 'says', why: CLAIM },
};

type TrustProps = {
  readonly assurance: Assurance | 'staff';
  /** Where it was said here, the word of whoever said it. */
  readonly word?: StaffWord | null;
};

export function Trust({ assurance, word: said }: TrustProps) {
  // A claim is told by the words "says:" before it.
  if (assurance === 'claimed') return null;
  const { word, why } = TRUST[assurance === 'staff' && said && isOwn(said) ? 'themselves' : assurance];
  return (
    <span class={`trust trust-${assurance}`} title={why}>
      {(assurance === 'verified' || assurance === 'staff') && <Icon name="check" />}
      {word}
    </span>
  );
}

/** A value, with "says:" before what is only claimed. */
export function Value({ value, assurance }: { readonly value: string; readonly assurance: Assurance | 'staff' }) {
  if (assurance !== 'claimed') return <>{value}</>;
  return (
    <span class="is-claim" title={CLAIM}>
      says: {value}
    </span>
  );
}

/** Who of the team said something, when, until when and why. */
export function WordLine({ word }: { readonly word: StaffWord }) {
  return (
    <p class="event-meta">
      <span>
        said by <span dir="auto">{actorWords(word)}</span> on {formatDay(word.at)}
        {word.untilAt !== null && `, until ${formatDay(word.untilAt)}`}
        {word.reason !== null && (
          <>
            : “<span dir="auto">{word.reason}</span>”
          </>
        )}
      </span>
    </p>
  );
}

const VOICES = 5;

/** What sources say of a field. A code of a language or country stands there by its name. */
export function VoiceList({ field, voices }: { readonly field: string; readonly voices: readonly Voice[] }) {
  return (
    <ul class="voices">
      {voices.slice(0, VOICES).map(({ value, assurance, at, sourceName }) => (
        <li key={`${sourceName} ${value} ${at}`}>
          <span dir="auto">{sourceName}</span>: <span dir="auto">{codeName(field, value) ?? value}</span>{' '}
          {assurance === 'claimed' ? <span class="muted">only claimed</span> : <Trust assurance={assurance} />}{' '}
          <span class="muted">{formatDay(at)}</span>
        </li>
      ))}
      {voices.length > VOICES && <li class="muted">and {voices.length - VOICES} more</li>}
    </ul>
  );
}

/** Who of the team said something; the rest unfolds. */
export function Word({ word }: { readonly word: StaffWord }) {
  return (
    <details class="more sayer">
      <summary dir="auto">{actorWords(word)}</summary>
      <WordLine word={word} />
    </details>
  );
}

/** Who says the value that stands; when, why and what others say unfolds. */
export function Provenance({ field, entry }: { readonly field: string; readonly entry: ProfileValue }) {
  const others = entry.voices.filter(({ value }) => value !== entry.value);
  return (
    <details class="more sayer">
      <summary>
        <span dir="auto">{entry.word ? actorWords(entry.word) : entry.sourceName}</span>
        {others.length > 0 && `; ${others.length === 1 ? 'one other value' : `${others.length} other values`}`}
      </summary>
      {entry.word ? <WordLine word={entry.word} /> : <p class="event-meta">since {formatDay(entry.at)}</p>}
      {others.length > 0 && <VoiceList field={field} voices={others} />}
    </details>
  );
}
