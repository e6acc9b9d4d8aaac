import { CONSENT_CHANNELS, PURPOSES } from '../../../schema/consent.ts';
import type { Change, Party } from '../../record/changes.ts';
import { CHANNEL_WORDS, PURPOSE_WORDS, STATE_WORDS } from '../consent/words.ts';
import { keyWords } from '../person-key.ts';

const TITLES: Readonly<Record<string, { readonly said: string; readonly back: string }>> = {
  joined: { said: 'One person', back: 'One person, taken back' },
  kept_apart: { said: 'Two people', back: 'Two people, taken back' },
};

/** Whether a line of the log is a decision of who is who. */
export const isDecision = ({ field }: Pick<Change, 'field'>): boolean => Object.hasOwn(TITLES, field);

function PartyName({ customerId, name, sourceName, key }: Party) {
  const { words, id } = keyWords(key);
  return (
    <>
      <a href={`/customers/${customerId}`} dir="auto">
        {name ?? `${words} ${id}`.trim()}
      </a>{' '}
      (<bdi>{sourceName}</bdi>)
    </>
  );
}

/** Two that were joined or kept apart, and whether that was taken back. */
export function DecisionWords({ field, to, between }: Pick<Change, 'field' | 'to' | 'between'>) {
  const [a, b] = between;
  const title = TITLES[field];
  return (
    <>
      <span class="change-field">{to === null ? title?.back : title?.said}</span>{' '}
      {a && b && (
        <>
          <PartyName {...a} /> and <PartyName {...b} />
        </>
      )}
    </>
  );
}

/** What staff noted that somebody agreed to or refused; null for a line on anything else. */
export function consentWords({ field, to }: Pick<Change, 'field' | 'to'>) {
  const [kind, said, by] = field.split(':');
  const purpose = PURPOSES.find((one) => one === said);
  const channel = CONSENT_CHANNELS.find((one) => one === by);
  if (kind !== 'consent' || !purpose || !channel) return null;
  const state = to === 'granted' || to === 'denied' ? to : 'none';
  return (
    <>
      <span class="change-field">
        {PURPOSE_WORDS[purpose]}, {CHANNEL_WORDS[channel]}
      </span>{' '}
      {STATE_WORDS[state].toLowerCase()}
    </>
  );
}
