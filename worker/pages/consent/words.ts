import {
  type Basis,
  type ConsentChannel,
  PURPOSES,
  type Purpose,
  type SuppressionReason,
  type ToldState,
} from '../../../schema/consent.ts';
import { humanise } from '../format.ts';

/** Consent in the words of the pages. */
export const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  marketing: 'Offers',
  research: 'Surveys and reviews',
  service: 'About their orders',
  profiling: 'Noting what they look at',
};

/** What holds where they have said nothing. */
export const UNSAID: Readonly<Record<Purpose, string>> = {
  marketing: 'Nothing was said: no offers until they agree.',
  research: 'Nothing was said: they may be asked until they refuse.',
  service: 'Nothing was said: they may be told.',
  profiling: 'Nothing was said: visits are noted until they refuse.',
};

export const CHANNEL_WORDS: Readonly<Record<ConsentChannel, string>> = {
  email: 'E-mail',
  sms: 'Text message',
  messenger: 'Messenger',
  phone: 'Telephone',
  letter: 'Letter',
  web: 'On the site',
};

export const STATE_WORDS: Readonly<Record<ToldState, string>> = {
  granted: 'Agreed',
  denied: 'Refused',
  none: 'Took back what was told before',
};

/** How we know, to stand after the day. */
export const howWeKnow = (basis: Basis, sourceName: string | null): string => {
  const WORDS: Readonly<Record<Basis, string>> = {
    source: sourceName === null ? 'told by a source' : `told by ${sourceName}`,
    preference_centre: 'in the preference centre',
    unsubscribe: sourceName === null ? 'by the link in a mail' : `unsubscribed, told by ${sourceName}`,
    stop_word: 'by answering a message',
    bounce: 'mail came back',
    complaint: 'reported our mail as spam',
    form: sourceName === null ? 'in a form' : `in the form ${sourceName}`,
    staff: 'noted by staff',
    before_erasure: 'before they had their data erased: only they can take it back, by their own link',
  };
  return WORDS[basis];
};

/** Who of the team noted it, by name; null where nobody had said who they are, and where it was not noted by staff. */
export function notedBy(
  basis: Basis,
  proof: Readonly<Record<string, unknown>> | null,
  members: readonly { readonly id: string; readonly name: string }[],
): string | null {
  const member = basis === 'staff' ? members.find(({ id }) => id === proof?.by) : undefined;
  return member ? `noted by ${member.name}` : null;
}

export const SUPPRESSED_WORDS: Readonly<Record<SuppressionReason, string>> = {
  bounce: 'Mail to it came back for good',
  complaint: 'It reported our mail as spam',
  stop_word: 'It asked for no more messages',
};

/** What a contact or a mail was for; words of others stand as they are written, without their underscores. */
export const purposeWords = (purpose: string | null): string | null => {
  const known = PURPOSES.find((one) => one === purpose);
  return known ? PURPOSE_WORDS[known] : purpose && humanise(purpose);
};

/** A code of a sender's, as `confirmed_opt_in`, as people read it. */
const readable = (value: string): string =>
  /^[a-z]+(_[a-z0-9]+)+$/.test(value) ? humanise(value).toLowerCase() : value;

/** What is kept as proof, in one line: `Note: by telephone · Page: https://…`. Who noted it stands by name in the log of changes. */
export const proofLine = (proof: Readonly<Record<string, unknown>> | null): string | null => {
  const parts = Object.entries(proof ?? {}).flatMap(([name, value]) =>
    name !== 'by' && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      ? [
          `${name.charAt(0).toUpperCase()}${name.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}: ${name === 'note' ? value : readable(String(value))}`,
        ]
      : [],
  );
  return parts.length > 0 ? parts.join(' · ') : null;
};
