import type { Json } from '../../schema/touchpoint.ts';

/** Words that ask for no more messages when they are all of one: the carriers' in English, and ours in the other languages. */
const WORDS: ReadonlySet<string> = new Set([
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'cancel',
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

/** `STOP` for a message that says nothing but that, else null. */
export function optOutOf(text: Json | undefined): 'STOP' | null {
  if (typeof text !== 'string' || text.length > 60) return null;
  const word = text
    .normalize('NFKC')
    .replace(/[\s.!?。！"'«»„”]+/g, ' ')
    .trim()
    .toLowerCase();
  return WORDS.has(word) ? 'STOP' : null;
}
