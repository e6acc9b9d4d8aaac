import { type TalkRow, talksOf, talksStatement } from '../conversations.ts';
import { isConversation, type Thread, threadsOf } from '../threads.ts';
import { type Touchpoint, type TouchpointRow, timelineStatement, touchpointOf } from '../timeline.ts';
import { type Asked, CUSTOMER, rowsOf } from './part.ts';

/** Which part of the timeline to show. */
export type TimelineView = { readonly kinds?: readonly string[]; readonly limit: number; readonly offset: number };

/** The course of a relationship: the timeline with its conversations folded. */
export type Course = {
  /** A conversation stands there once, at its latest message. */
  readonly timeline: readonly Touchpoint[];
  /** Conversations by the `seq` of the contact that stands for them. */
  readonly conversations: ReadonlyMap<number, Thread>;
  /** There is more of the timeline after what is shown. */
  readonly hasMore: boolean;
};

/** The timeline without what stands for nothing of its own: the messages of a conversation but the latest. */
function timelineWithout(db: D1Database, { publicId }: Asked, view: TimelineView, folded: readonly number[]) {
  const kinds = view.kinds ? 'AND x.kind IN (SELECT value FROM json_each(?4))' : 'AND ?4 IS NULL';
  const without = folded.length > 0 ? `${kinds} AND x.seq NOT IN (SELECT value FROM json_each(?5))` : kinds;
  const list = view.kinds ? JSON.stringify(view.kinds) : null;
  const values = [publicId, view.limit + 1, view.offset, list, ...(folded.length > 0 ? [JSON.stringify(folded)] : [])];
  return db.prepare(timelineStatement(CUSTOMER, without)).bind(...values);
}

/** What to read for the course along with everything else: contacts of conversations, and the timeline unfolded. */
export const courseStatements = (db: D1Database, asked: Asked, view: TimelineView): D1PreparedStatement[] => [
  db.prepare(talksStatement(CUSTOMER)).bind(asked.publicId),
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
  const touchpoints =
    folded.length > 0
      ? (await timelineWithout(db, asked, view, folded).all<TouchpointRow>()).results
      : rowsOf<TouchpointRow>(whole);
  return {
    timeline: touchpoints.slice(0, view.limit).map(touchpointOf),
    conversations,
    hasMore: touchpoints.length > view.limit,
  };
}

/** Conversations by the contact that stands for them: the one of their latest message. */
function conversationsOf(rows: readonly TalkRow[]): ReadonlyMap<number, Thread> {
  const threads = threadsOf(talksOf(rows)).filter(isConversation);
  return new Map(threads.map((thread) => [thread.messages.at(-1)?.seq ?? 0, thread]));
}
