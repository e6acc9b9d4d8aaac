import type { Json } from '../../schema/touchpoint.ts';

/** Words that ask for no more messages when they are all of one: the carriers' in English, and ours in the other languages. */
const WORDS: ReadonlySet<string> = new Set([
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'cancel',
  'arret',
  'arrêt',
  'remove',
  'end',
  'quit',
  'revoke',
  'optout',
  'opt out',
  'стоп',
  'спри',
  'спрете',
  'отпиши',
  'отпишете',
  'wypisz',
  'rezygnuję',
  'rezygnuje',
  '退订',
  '退訂',
  'td',
  'إيقاف',
  'ايقاف',
  'توقف',
  'إلغاء الاشتراك',
]);

/** Words that take that back, as carriers have them. A bare "yes" is an answer to anything and is left out. */
const BACK: ReadonlySet<string> = new Set(['start', 'unstop', 'старт', 'wznów', 'wznow', '重新订阅', 'ابدأ']);

/** `STOP` or `START` for a message that says nothing but that, else null. */
export function optOutOf(text: Json | undefined): 'STOP' | 'START' | null {
  if (typeof text !== 'string' || text.length > 60) return null;
  const word = text
    .normalize('NFKC')
    .replace(/[\s.!?。！"'«»„”]+/g, ' ')
    .trim()
    .toLowerCase();
  if (WORDS.has(word)) return 'STOP';
  return BACK.has(word) ? 'START' : null;
}

/** What such a message is, as the second word of a kind. `HELP`, which Twilio marks too, is a message like any other. */
export const verbOf = (word: string): string =>
  word === 'STOP' ? 'unsubscribed' : word === 'START' ? 'resubscribed' : 'received';
