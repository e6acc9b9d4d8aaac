import { questionKinds } from '../../schema/questions.gen.ts';
import type { Json } from '../../schema/touchpoint.ts';
import type { Touchpoint } from '../record/timeline.ts';
import { CHANNEL_WORDS, formatMinutes, wordOf } from './contact-words.ts';
import { formatMoney } from './format.ts';
import { phraseOf, questionWords } from './words.ts';

/** Numbers of orders by `order:<id>`, since customers and shops speak of the number. */
export type OrderNumbers = ReadonlyMap<string, string>;

const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The scores of an answered survey with the end of their scales: `9 of 10`; of several, each with what it is of. */
export function scoresOf({ data, score }: Touchpoint): string[] {
  const answers = Array.isArray(data.answers) ? data.answers.filter(isRecord) : [];
  const scored = answers.flatMap(({ kind, score: given }) =>
    typeof given === 'number' && typeof kind === 'string' ? [{ kind, given }] : [],
  );
  const scores = scored.map(({ kind, given }) => {
    const scale = questionKinds.find((candidate) => candidate.kind === kind)?.scale;
    const told = scale ? `${given} of ${scale.max}` : String(given);
    return scored.length > 1 ? `${questionWords(kind)} ${told}` : told;
  });
  return scores.length > 0 || score === null ? scores : [String(score)];
}

/** The page a visit or an answer belongs to, without its address's beginning. */
function pageOf({ data }: Touchpoint): string | null {
  const page = data.page;
  const url = isRecord(page) ? page.url : page;
  if (isRecord(page) && typeof page.title === 'string' && page.title !== '') return page.title;
  return typeof url === 'string' ? url.replace(/^https?:\/\//, '') : null;
}

/** What a mail calls itself. */
const titleOf = ({ kind, data }: Touchpoint): string | null =>
  /^(email|mailing)_/.test(kind) && typeof data.title === 'string' ? data.title : null;

/** What a touchpoint is about, in the words of who reads it. */
function subjectOf({ subject, kind, data }: Touchpoint, numbers: OrderNumbers): string | null {
  if (!subject?.startsWith('order:') || !kind.startsWith('order_')) return null;
  const id = subject.slice('order:'.length);
  return numbers.get(id) ?? (typeof data.number === 'string' ? data.number : `#${id}`);
}

/** Contacts that were logged by hand say how long they took and who else handled them. */
function courseOf({ kind, channel, handler, data }: Touchpoint): string[] {
  const isVague = kind === 'contact_logged';
  return [
    ...(isVague ? [`by ${(wordOf('channel', channel) ?? CHANNEL_WORDS.web).toLowerCase()}`] : []),
    ...(typeof data.minutes === 'number' ? [formatMinutes(data.minutes)] : []),
    ...(handler === 'outsourced'
      ? [typeof data.handledBy === 'string' ? `outsourced: ${data.handledBy}` : 'outsourced']
      : []),
  ];
}

/** One touchpoint as a sentence: "Placed order #1017 for €60.00", "Answered the survey: 9 of 10". */
export function sentenceOf(touchpoint: Touchpoint, numbers: OrderNumbers = new Map()): string {
  const subject = subjectOf(touchpoint, numbers);
  const scores = scoresOf(touchpoint);
  const page = touchpoint.kind === 'page_viewed' ? pageOf(touchpoint) : null;
  const words = [
    phraseOf(touchpoint.kind, touchpoint.direction),
    subject,
    touchpoint.value &&
      `${touchpoint.kind === 'payment_succeeded' ? '' : subject ? 'for ' : 'of '}${formatMoney(touchpoint.value)}`,
  ];
  const sentence = words.filter((word) => word !== null && word !== '').join(' ');
  const detail = [page, titleOf(touchpoint), ...scores].filter((part) => part !== null).join(', ');
  const told = detail ? `${sentence.replace(/:$/, '')}: ${detail}` : sentence.replace(/:$/, '');
  return [told, ...courseOf(touchpoint)].join(', ');
}
