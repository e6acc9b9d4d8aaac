import { readTouchpoints, type Touchpoint } from './timeline.ts';

/** The end of the log as it grows. */
export type Live = {
  /** Latest first. */
  readonly items: readonly Touchpoint[];
  /** Where the next look begins. */
  readonly last: number;
};

export type LiveFilter = {
  /** Place in the log after which to look; null for the end of it. */
  readonly after: number | null;
  /** Internal id of a source. */
  readonly source: number | null;
  readonly kinds: readonly string[] | null;
};

/** Rows of the log that one look goes through, whatever it looks for, and touchpoints it gives. */
const MAX_SEEN = 2000;
export const MAX_LIVE = 50;

/** What has arrived after a place in the log, or the latest of all. Goes along the log and through no more than 2,000 rows of it. */
export async function readLive(db: D1Database, { after, source, kinds }: LiveFilter): Promise<Live> {
  const order = after === null ? 'DESC' : '';
  const seen = `SELECT seq, source_id, kind FROM touchpoint WHERE seq > ?1 ORDER BY seq ${order} LIMIT ${MAX_SEEN}`;
  const wanted = `SELECT seq FROM (${seen}) WHERE (?2 IS NULL OR source_id = ?2)
    AND (?3 IS NULL OR kind IN (SELECT value FROM json_each(?3))) ORDER BY seq ${order} LIMIT ${MAX_LIVE}`;
  const from = after ?? 0;
  const [items, whole] = await Promise.all([
    readTouchpoints(db, wanted, [from, source, kinds && JSON.stringify(kinds)]),
    db.prepare(`SELECT max(seq) AS last FROM (${seen})`).bind(from).first<{ last: number | null }>(),
  ]);
  // Where there was more than fits, the next look goes on from the last that was given.
  const isFull = after !== null && items.length === MAX_LIVE;
  return { items, last: isFull ? (items[0]?.seq ?? from) : (whole?.last ?? from) };
}
