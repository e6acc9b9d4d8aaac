import { decodeCursor, type Page, pageOf } from '../platform/page.ts';
import { touchpointId } from '../record/timeline.ts';
import { ruleTitle } from './rules.ts';

/** What a member of staff is told of a customer they look after. */
export type Notice = {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly member: { readonly id: string; readonly name: string };
  /** Null once nobody is left to name. */
  readonly customer: { readonly id: string; readonly name: string | null } | null;
  /** Null where it is about something else than a touchpoint. */
  readonly touchpointId: string | null;
  readonly text: string | null;
  /** The certificate of an erasure. */
  readonly certificate: string | null;
  /** Epoch ms. */
  readonly toldAt: number;
  readonly readAt: number | null;
};

type Row = {
  id: number;
  cause: string;
  rule: string;
  told_at: number;
  read_at: number | null;
  touchpoint_seq: number | null;
  text: string | null;
  member_id: string;
  member_name: string;
  customer_id: string | null;
  customer_name: string | null;
};

const ERASURE = 'erasure:';

const noticeOf = (row: Row): Notice => ({
  id: String(row.id),
  rule: row.rule,
  title: ruleTitle(row.rule),
  member: { id: row.member_id, name: row.member_name },
  customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name },
  touchpointId: row.touchpoint_seq === null ? null : touchpointId(row.touchpoint_seq),
  text: row.text,
  certificate: row.cause.startsWith(ERASURE) ? row.cause.slice(ERASURE.length) : null,
  toldAt: row.told_at,
  readAt: row.read_at,
});

const SELECT = `SELECT n.id, n.cause, n.rule, n.told_at, n.read_at, n.touchpoint_seq, t.text, s.public_id AS member_id, s.name AS member_name,
    c.public_id AS customer_id, c.display_name AS customer_name
  FROM notice n JOIN staff_member s ON s.id = n.member_id LEFT JOIN touchpoint t ON t.seq = n.touchpoint_seq
  LEFT JOIN fragment f ON f.id = n.fragment_id LEFT JOIN customer c ON c.id = f.customer_id`;

export type NoticeFilter = {
  /** Public id of a member of staff; of everybody without it. */
  readonly member?: string;
  /** Only those that nobody has read, or only those that somebody has. */
  readonly state?: 'unread' | 'read';
  readonly limit: number;
  readonly cursor?: string;
};

const OF_MEMBER = '(SELECT s.id FROM staff_member s WHERE s.public_id = ?1)';

/** Notices, latest first. Null when the cursor is none of ours. */
export async function listNotices(
  db: D1Database,
  { member, state, limit, cursor }: NoticeFilter,
): Promise<Page<Notice> | null> {
  const before = cursor === undefined ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, 2);
  if (!before) return null;
  const conditions = [
    '(n.told_at, n.id) < (?2, ?3)',
    member === undefined ? '?1 IS NULL' : `n.member_id = ${OF_MEMBER}`,
    ...(state ? [`n.read_at IS ${state === 'unread' ? '' : 'NOT '}NULL`] : []),
  ];
  const { results } = await db
    .prepare(
      `${SELECT}
       WHERE ${conditions.join(' AND ')} ORDER BY n.told_at DESC, n.id DESC LIMIT ?4`,
    )
    .bind(member ?? null, before[0] ?? 0, before[1] ?? 0, limit + 1)
    .all<Row>();
  return pageOf(results, limit, (row) => [row.told_at, row.id], noticeOf);
}

/** What the mail of a morning (epoch ms) tells a member: what they have not read of it, latest first, and how much that is. */
export async function noticesMailed(
  db: D1Database,
  member: string,
  morning: number,
  limit: number,
): Promise<{ readonly notices: readonly Notice[]; readonly count: number }> {
  const theirs = `n.member_id = ${OF_MEMBER} AND n.mailed_at = ?2 AND n.read_at IS NULL`;
  const [listed, counted] = await db.batch([
    db.prepare(`${SELECT} WHERE ${theirs} ORDER BY n.told_at DESC, n.id DESC LIMIT ?3`).bind(member, morning, limit),
    db.prepare(`SELECT count(*) AS count FROM notice n WHERE ${theirs}`).bind(member, morning),
  ]);
  const [row] = (counted?.results ?? []) as { count: number }[];
  return { notices: ((listed?.results ?? []) as Row[]).map(noticeOf), count: row?.count ?? 0 };
}

/** How many notices of a member wait to be read. */
export async function countUnread(db: D1Database, member: string): Promise<number> {
  const row = await db
    .prepare(`SELECT count(*) AS n FROM notice n WHERE n.member_id = ${OF_MEMBER} AND n.read_at IS NULL`)
    .bind(member)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** A member of staff, with how many notices wait for them. */
export type Reader = { readonly id: string; readonly name: string; readonly unread: number };

/** Members of staff who can be told, and those who were, by name. */
export async function readersOf(db: D1Database): Promise<Reader[]> {
  const { results } = await db
    .prepare(
      `SELECT s.public_id AS id, s.name, (SELECT count(*) FROM notice n WHERE n.member_id = s.id AND n.read_at IS NULL) AS unread
       FROM staff_member s WHERE s.is_active = 1 OR EXISTS (SELECT 1 FROM notice n WHERE n.member_id = s.id) ORDER BY s.name, s.id LIMIT 200`,
    )
    .all<Reader>();
  return results;
}

/** Marks one as read; reading it again changes nothing. False when there is no such notice. */
export async function readNotice(db: D1Database, id: number, now: number): Promise<boolean> {
  const { meta } = await db
    .prepare('UPDATE notice SET read_at = coalesce(read_at, ?2) WHERE id = ?1')
    .bind(id, now)
    .run();
  return meta.changes > 0;
}

/** Marks all of a member as read that were told by a moment: what came while they were reading stays unread. Gives how many. */
export async function readAllNotices(db: D1Database, member: string, upTo: number, now: number): Promise<number> {
  const { meta } = await db
    .prepare(`UPDATE notice SET read_at = ?3 WHERE member_id = ${OF_MEMBER} AND read_at IS NULL AND told_at <= ?2`)
    .bind(member, upTo, now)
    .run();
  return meta.changes;
}
