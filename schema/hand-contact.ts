import type { Channel, Direction } from './vocabulary.ts';

/**
 * The kinds of contact that people write down themselves (A6). Where a kind has a counterpart, the direction decides between
 * the two: a letter that came in is `letter_received`.
 */
export const HAND_KINDS = [
  'note_added',
  'call_logged',
  'meeting_held',
  'visit_made',
  'event_attended',
  'letter_sent',
  'letter_received',
  'email_sent',
  'email_received',
  'sms_sent',
  'sms_received',
  'message_sent',
  'message_received',
  'fax_sent',
  'fax_received',
  'contact_logged',
] as const;
export type HandKind = (typeof HAND_KINDS)[number];

/** The channel a kind usually goes by; null where it has to be said. */
const CHANNEL_OF: Readonly<Record<string, Channel | null>> = {
  note: 'web',
  call: 'phone',
  meeting: 'meeting',
  visit: 'shop',
  event: 'event',
  letter: 'letter',
  email: 'email',
  sms: 'sms',
  message: 'messenger',
  fax: 'fax',
  contact: null,
};
export const usualChannel = (kind: HandKind): Channel | null => CHANNEL_OF[kind.split('_', 1)[0] ?? ''] ?? null;

/** The direction a kind has by itself: what was received came in, all else went out. */
export const usualDirection = (kind: HandKind): Direction => (kind.endsWith('_received') ? 'in' : 'out');

/** The kind in a direction: `letter_sent` that came in is `letter_received`. */
export function kindInDirection(kind: HandKind, direction: Direction): HandKind {
  const word = direction === 'in' ? kind.replace(/_sent$/, '_received') : kind.replace(/_received$/, '_sent');
  return HAND_KINDS.find((candidate) => candidate === word) ?? kind;
}

/** What one line of shorthand says. */
export type Shorthand = {
  /** Null where the line begins with no word of ours. */
  readonly kind: HandKind | null;
  readonly minutes: number | null;
  /** What is left: what was said. */
  readonly text: string;
};

const WORDS: ReadonlyMap<string, HandKind> = new Map(
  (
    [
      ['note_added', 'note'],
      ['call_logged', 'call called phone phoned rang'],
      ['meeting_held', 'meeting meet met'],
      ['visit_made', 'visit visited'],
      ['event_attended', 'event fair expo'],
      ['letter_sent', 'letter post'],
      ['email_sent', 'email e-mail mail emailed'],
      ['sms_sent', 'sms text texted'],
      ['message_sent', 'message chat whatsapp messaged'],
      ['fax_sent', 'fax faxed'],
    ] as const
  ).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)),
);

/** `12m`, `12 min`, `1h`, `1h30`, `1 hour`: a length that stands at the beginning. */
const LENGTH =
  /^(?:(\d{1,2})\s?(?:h|hrs?|hours?)\s?(?:(\d{1,2})\s?(?:m|min|mins|minutes?)?)?|(\d{1,4})\s?(?:m|min|mins|minutes?))(?=$|[\s,.:;])/i;

/** A contact lasts at most a day. */
export const MAX_MINUTES = 1440;

/** Reads `call 12m asked about the invoice`: a kind, a length, and the rest. What is not said stays null. */
export function readShorthand(line: string): Shorthand {
  let rest = line.trim();
  const word = /^([a-z-]+)(?=$|[\s,:])[,:]?\s*/i.exec(rest);
  const kind = WORDS.get(word?.[1]?.toLowerCase() ?? '') ?? null;
  if (kind && word) rest = rest.slice(word[0].length);
  const length = kind ? LENGTH.exec(rest) : null;
  const minutes = length ? Number(length[1] ?? 0) * 60 + Number(length[2] ?? 0) + Number(length[3] ?? 0) : null;
  if (length && minutes !== null && minutes <= MAX_MINUTES)
    return { kind, minutes, text: rest.slice(length[0].length).replace(/^[\s,.:;]+/, '') };
  return { kind, minutes: null, text: rest };
}
