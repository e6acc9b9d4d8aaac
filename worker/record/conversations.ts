import { parseStored } from '../platform/json.ts';
import { partOf, type Talk, type Thread, type ThreadMessage, threadsOf } from './threads.ts';
import { SELECT_TOUCHPOINTS, type Touchpoint, type TouchpointRow, touchpointOf } from './timeline.ts';

/** Contacts looked at to put the conversations of one customer together: the latest ones. */
const MAX_TALKS = 1000;

export type TalkRow = {
  seq: number;
  kind: string;
  channel: string;
  at: number;
  subject: string | null;
  mail: string | null;
  header: string | null;
  refs: string | null;
};

/** What was said to and by a customer, by the index of such contacts alone. `customer` is an SQL expression. */
export const talksStatement = (customer: string, until = ''): string =>
  `SELECT x.seq, x.kind, x.channel, x.occurred_at AS at, x.subject, x.data ->> '$.messageId' AS mail,
     x.data ->> '$.headerId' AS header, x.data -> '$.references' AS refs
   FROM fragment g CROSS JOIN touchpoint x ON x.fragment_id = g.id AND x.channel IN ('email', 'sms', 'messenger')
   WHERE g.customer_id = ${customer}${until} ORDER BY x.occurred_at DESC, x.seq DESC LIMIT ${MAX_TALKS}`;

/** Kinds that are part of conversations: the rest of a channel (an unsubscription by a link) stands for itself. */
const TALK =
  /^(email|sms|message)_(received|autoreplied|sent|delivered|opened|clicked|bounced|failed|complained|unsubscribed)$/;

export function talksOf(rows: readonly TalkRow[]): Talk[] {
  return rows
    .filter(({ kind }) => TALK.test(kind))
    .map(({ seq, kind, channel, at, subject, mail, header, refs }) => ({
      seq,
      kind,
      channel,
      at,
      subject,
      ids: [mail, header, ...referencesOf(refs)].filter((id) => id !== null),
    }));
}

function referencesOf(refs: string | null): readonly string[] {
  const list = parseStored<unknown>(refs, []);
  return Array.isArray(list) ? list.filter((id) => typeof id === 'string') : [];
}

/** A conversation with its words. */
export type Conversation = {
  readonly customerId: string;
  readonly customerName: string | null;
  readonly thread: Thread;
  readonly messages: readonly (ThreadMessage & { readonly touchpoint: Touchpoint })[];
};

/** The conversation that a contact belongs to, alone or with others; null when there is no such contact of a conversation. */
export async function readConversation(db: D1Database, seq: number): Promise<Conversation | null> {
  const customer = '(SELECT f.customer_id FROM touchpoint t JOIN fragment f ON f.id = t.fragment_id WHERE t.seq = ?1)';
  const { results } = await db.prepare(talksStatement(customer)).bind(seq).all<TalkRow>();
  const thread = threadsOf(talksOf(results)).find(({ seqs }) => seqs.includes(seq));
  if (!thread || thread.messages.length === 0) return null;
  const shown = await db
    .prepare(`${SELECT_TOUCHPOINTS} WHERE t.seq IN (SELECT value FROM json_each(?1))`)
    .bind(JSON.stringify(thread.messages.map((message) => message.seq)))
    .all<TouchpointRow>();
  const bySeq = new Map(shown.results.map((row) => [row.seq, touchpointOf(row)]));
  const messages = thread.messages.flatMap((message) => {
    const touchpoint = bySeq.get(message.seq);
    return touchpoint ? [{ ...message, touchpoint }] : [];
  });
  const [first] = messages;
  return first
    ? { customerId: first.touchpoint.customerId, customerName: first.touchpoint.customerName, thread, messages }
    : null;
}

/** True for contacts that a page of a conversation can show. */
export const isTalk = (kind: string, channel: string): boolean =>
  ['email', 'sms', 'messenger'].includes(channel) && TALK.test(kind) && partOf(kind) !== 'state';
