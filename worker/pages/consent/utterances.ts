import { CONSENT_CHANNELS, PURPOSES } from '../../../schema/consent.ts';
import type { Entry } from '../../record/consent/history.ts';
import { CHANNEL_WORDS, PURPOSE_WORDS } from './words.ts';

/** What was said in one breath: lines of the ledger that differ only in what they are about. */
export type Utterance = { readonly entries: readonly [Entry, ...Entry[]] };

const breathOf = ({ state, at, basis, sourceName, assurance, wording, proof, touchpointId }: Entry): string =>
  JSON.stringify([state, at, basis, sourceName, assurance, wording, proof, touchpointId]);

/** The lines of the ledger, those of one moment, state and basis together; in the order of the first of each. */
export function utterancesOf(entries: readonly Entry[]): readonly Utterance[] {
  const found = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const known = found.get(breathOf(entry));
    if (known) known.push(entry);
    else found.set(breathOf(entry), [entry]);
  }
  return [...found.values()].map((grouped) => ({ entries: grouped }));
}

/** `Offers · E-mail, Text message; Surveys and reviews · E-mail`. */
export const aboutWhat = ({ entries }: Utterance): string =>
  PURPOSES.flatMap((purpose) => {
    const channels = CONSENT_CHANNELS.filter((channel) =>
      entries.some((entry) => entry.purpose === purpose && entry.channel === channel),
    );
    return channels.length > 0
      ? [`${PURPOSE_WORDS[purpose]} · ${channels.map((channel) => CHANNEL_WORDS[channel]).join(', ')}`]
      : [];
  }).join('; ');
