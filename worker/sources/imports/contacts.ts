import { type ConsentInput, everythingRefused } from '../../../schema/consent.ts';
import { questionKinds } from '../../../schema/questions.gen.ts';
import type { Answer, TouchpointInput } from '../../../schema/touchpoint.ts';
import { CHANNELS, type Channel, type Direction, HANDLERS } from '../../../schema/vocabulary.ts';
import { saying } from '../consents.ts';
import { known } from '../read.ts';
import { personOf } from './person.ts';
import type { RowReader } from './row.ts';

const NOBODY = 'names nobody: a customer id, an e-mail address or a telephone number is needed';

/** A word as kinds are written: `Call logged` is `call_logged`. */
export const kindOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);

const OUTWARD = /^(out|outbound|outgoing|sent|us|we|to|von uns|изходящ|wychodz|صادر|呼出|发出)/i;
const INWARD = /^(in|inbound|incoming|received|customer|they|from|входящ|przychodz|وارد|呼入|收到)/i;

function directionOf(row: RowReader): Direction {
  const text = row.text('direction');
  if (text === null || INWARD.test(text)) return 'in';
  if (OUTWARD.test(text)) return 'out';
  row.fault('direction', `“${text}” is neither “in” nor “out”`);
  return 'in';
}

function channelOf(row: RowReader): Channel {
  const text = (row.text('channel') ?? row.plan.channel ?? 'web').toLowerCase();
  const channel = CHANNELS.find((one) => one === text || one === text.replace(/s$|-/g, ''));
  if (!channel) row.fault('channel', `“${text}” is none of ${CHANNELS.join(', ')}`);
  return channel ?? 'web';
}

function answersOf(row: RowReader, score: number | null, text: string | null): readonly Answer[] {
  const asked = row.text('question');
  if (asked === null || score === null) return [];
  const question = questionKinds.find(({ kind }) => kind === kindOf(asked));
  if (!question) {
    row.fault('question', `“${asked}” is none of ${questionKinds.map(({ kind }) => kind).join(', ')}`);
    return [];
  }
  const { scale } = question;
  if (scale && (score < scale.min || score > scale.max))
    row.fault('score', `${score} is outside of ${scale.min} to ${scale.max}`);
  return [{ question: question.kind, kind: question.kind, score, text }];
}

function scoreOf(row: RowReader): number | null {
  const score = row.number('score');
  if (score !== null && (!Number.isInteger(score) || Math.abs(score) > 1_000_000))
    return row.fault('score', 'is not a whole number');
  return score;
}

/** A row of a file of contacts: one touchpoint. */
export function contactOf(row: RowReader, message: string): TouchpointInput | null {
  const { person, isNamed, data } = personOf(row, message);
  const at = row.date('date');
  const text = row.longText('text');
  const score = scoreOf(row);
  const answers = answersOf(row, score, text);
  const kind = kindOf(row.text('kind') ?? row.plan.contact ?? 'note_added');
  const direction = directionOf(row);
  const channel = channelOf(row);
  const value = row.money('amount');
  const handler = row.text('handler')?.toLowerCase();
  if (kind === '') row.fault('kind', 'has no letters of a to z; write it as call_logged');
  if (!isNamed && row.faults.length === 0) row.fault(null, NOBODY);
  if (at === null && row.faults.length === 0)
    row.fault(row.column('date'), 'has no date: a contact needs the day it happened');
  if (row.faults.length > 0) return null;
  const who = HANDLERS.find((one) => one === handler);
  const purpose = row.text('purpose');
  const subject = row.text('subject');
  return {
    messageId: message,
    kind,
    channel,
    direction,
    initiator: direction === 'in' ? 'customer' : 'company',
    ...(who && { handler: who }),
    ...(purpose && { purpose }),
    occurredAt: at,
    ...(subject && { subject }),
    value,
    score,
    text,
    person,
    ...(answers.length > 0 && { answers }),
    data: known({ ...data, handledBy: who ? null : (handler ?? null) }),
  };
}

/** What people write in a column of those who are not to be written to, where somebody may be. */
const MAY_BE: readonly string[] = 'no n 0 false - none subscribed nein nicht non не нет nie لا 否 不 没有'.split(' ');

/**
 * Anything but a plain no keeps them from being written to: a yes, a tick, the day they said it. It stands since the import, whatever
 * day the row is of. A file can refuse for people and never agree for them.
 */
function refusalsOf(row: RowReader): readonly ConsentInput[] {
  const text = row.text('doNotContact');
  if (text === null || MAY_BE.includes(text.toLowerCase())) return [];
  return everythingRefused().map((refusal) => ({ ...refusal, at: row.now, proof: { file: text } }));
}

/** A row of a file of customers: what is known of one, as of the day it says, else of the import. */
export function customerOf(row: RowReader, message: string): TouchpointInput | null {
  const { person, isNamed, data } = personOf(row, message);
  const at = row.date('date');
  if (!isNamed && row.faults.length === 0) row.fault(null, NOBODY);
  if (row.faults.length > 0) return null;
  return {
    messageId: message,
    kind: at === null ? 'customer_updated' : 'customer_created',
    channel: 'shop',
    direction: 'in',
    initiator: 'company',
    occurredAt: at,
    person,
    ...saying(refusalsOf(row)),
    data,
  };
}
