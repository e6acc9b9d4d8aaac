import type { Json } from '../../schema/touchpoint.ts';
import { plural } from './format.ts';

/** "Re:" and its like in the languages customers write in, once or many times. */
const AGAIN =
  /^(?:(?:re|aw|fwd?|wg|sv|vs|antw|odp|pd|отг|отн|пр|回复|答复|转发|回覆|轉寄|رد|إعادة توجيه)(?:\[\d{1,3}\])?\s?[:：]\s*)+/iu;

/** What a mail is about, without the marks of answers; null where its title says nothing. */
export function topicOf(title: Json | undefined): string | null {
  const topic = typeof title === 'string' ? title.replace(AGAIN, '').trim() : '';
  return topic === '' ? null : topic;
}

/** What a conversation is called where nothing names its topic. */
export const channelTitle = (channel: string): string =>
  channel === 'sms' ? 'Text messages' : channel === 'email' ? 'E-mails' : 'Messages';

const STEPS: readonly (readonly [string, number])[] = [
  ['day', 24 * 60],
  ['hour', 60],
  ['minute', 1],
];

/** A length of time in its two greatest parts: `1 day 4 hours`, `12 minutes`, `less than a minute`. */
export function formatSpan(ms: number): string {
  let minutes = Math.floor(ms / 60_000);
  const parts: string[] = [];
  for (const [unit, length] of STEPS) {
    const count = Math.floor(minutes / length);
    minutes -= count * length;
    if (count > 0) parts.push(plural(count, unit));
  }
  return parts.length === 0 ? 'less than a minute' : parts.slice(0, 2).join(' ');
}

const STATES: readonly (readonly [RegExp, string])[] = [
  [/_delivered$/, 'delivered'],
  [/_opened$/, 'opened'],
  [/_clicked$/, 'link followed'],
  [/_(bounced|failed)$/, 'came back'],
  [/_complained$/, 'marked as spam'],
  [/_unsubscribed$/, 'unsubscribed'],
];

/** What became of a message, each state once: `Delivered, opened`. */
export function stateWords(kinds: readonly string[]): string {
  const words = STATES.filter(([pattern]) => kinds.some((kind) => pattern.test(kind))).map(([, word]) => word);
  const text = words.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
