import { Arguments } from '../../platform/arguments.ts';
import { type TalkRow, talksOf, talksStatement } from '../conversations.ts';
import { isConversation, type Thread, threadsOf } from '../threads.ts';
import {
  beyond,
  cutOf,
  isAtTop,
  type Place,
  type Touchpoint,
  type TouchpointRow,
  timelineStatement,
} from '../timeline.ts';
import { type Asked, CUSTOMER, rowsOf } from './part.ts';

/** Which part of the timeline to show. */
export type TimelineView = {
  readonly kinds?: readonly string[];
  /** Only what happened before this moment, epoch ms. */
  readonly before?: number;
  readonly limit: number;
  /** Skips so many: addresses of before pages had places. */
  readonly offset: number;
  /** Only what is beyond it. */
  readonly place?: Place | null;
};

/** The course of a relationship: the timeline with its conversations folded. */
export type Course = {
  /** A conversation stands there once, at its latest message. */
  readonly timeline: readonly Touchpoint[];
  /** Conversations by the `seq` of the contact that stands for them. */
  readonly conversations: ReadonlyMap<number, Thread>;
  /** There is more of the timeline after what is shown: older things. */
  readonly hasMore: boolean;
  /** There is more before it. */
  readonly hasNewer: boolean;
};

/** The timeline without what stands for nothing of its own: the messages of a conversation but the latest. */
function timelineWithout(db: D1Database, { publicId, at }: Asked, view: TimelineView, folded: readonly number[]) {
  const args = new Arguments();
  args.add(publicId);
  const { place } = view;
  const conditions = [
    ...(place ? [beyond(place, args.add(place.at), args.add(place.seq))] : []),
    ...(at === null ? [] : [`x.occurred_at <= ${args.add(at)}`]),
    ...(view.before === undefined ? [] : [`x.occurred_at < ${args.add(view.before)}`]),
    ...(view.kinds ? [`x.kind IN (SELECT value FROM json_each(${args.add(JSON.stringify(view.kinds))}))`] : []),
    ...(folded.length > 0 ? [`x.seq NOT IN (SELECT value FROM json_each(${args.add(JSON.stringify(folded))}))`] : []),
  ];
  const sql = timelineStatement(CUSTOMER, conditions, {
    reach: args.add(view.offset + view.limit + 1),
    limit: args.add(view.limit + 1),
    offset: args.add(view.offset),
    isForwards: place?.to === 'newer',
  });
  return db.prepare(sql).bind(...args.values);
}

/** What to read for the course along with everything else: contacts of conversations, and the timeline unfolded. */
export const courseStatements = (db: D1Database, asked: Asked, view: TimelineView): D1PreparedStatement[] => [
  asked.at === null
    ? db.prepare(talksStatement(CUSTOMER)).bind(asked.publicId)
    : db.prepare(talksStatement(CUSTOMER, ' AND x.occurred_at <= ?2')).bind(asked.publicId, asked.at),
  timelineWithout(db, asked, view, []),
];

/** The course from what those statements gave. Only with something to fold the timeline is read again, so that pages stay full. */
export async function readCourse(
  db: D1Database,
  asked: Asked,
  view: TimelineView,
  [talks, whole]: readonly D1Result[],
): Promise<Course> {
  const conversations = conversationsOf(rowsOf<TalkRow>(talks));
  const folded = [...conversations].flatMap(([shown, { seqs }]) => seqs.filter((seq) => seq !== shown));
  const read = async (part: TimelineView) =>
    (await timelineWithout(db, asked, part, folded).all<TouchpointRow>()).results;
  const rows = folded.length > 0 ? await read(view) : rowsOf<TouchpointRow>(whole);
  const first = { ...view, place: null };
  return { ...(isAtTop(rows, view) ? cutOf(await read(first), first) : cutOf(rows, view)), conversations };
}

/** Conversations by the contact that stands for them: the one of their latest message. */
function conversationsOf(rows: readonly TalkRow[]): ReadonlyMap<number, Thread> {
  const threads = threadsOf(talksOf(rows)).filter(isConversation);
  return new Map(threads.map((thread) => [thread.messages.at(-1)?.seq ?? 0, thread]));
}
