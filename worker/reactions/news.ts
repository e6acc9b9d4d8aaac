import { parseStored } from '../platform/json.ts';

/** What a rule sees of a touchpoint. */
export type Happening = {
  readonly kind: string;
  /** Why, where the source said so. */
  readonly reason: string | null;
  /** What the contact was for, in the words of whoever logged it. */
  readonly purpose: string | null;
  /** It came from the customer. */
  readonly isInward: boolean;
  readonly answers: readonly { readonly kind: string; readonly score: number }[];
  /** It had happened long before we heard of it, as what a file of past years tells. */
  readonly isHistory: boolean;
  /** What it is worth, in minor units. */
  readonly amount: number | null;
  /** What their other orders in that currency come to on average; null for whom nobody looks after, or with less than two. */
  readonly usual: number | null;
  /** Time since they were heard of before, in ms; null for whom nobody looks after, or who were never heard of. */
  readonly silence: number | null;
};

/** What the rules are asked about, read off the log. */
export type News = {
  readonly seq: number;
  readonly fragmentId: number;
  /** What it is about, in its source: `3:order:1001`. */
  readonly subject: string | null;
  readonly happening: Happening;
};

/** What is told so late asks nobody to act any more. */
const HISTORY_MS = 14 * 24 * 3600 * 1000;

type Row = {
  seq: number;
  fragment_id: number;
  source_id: number;
  subject: string | null;
  kind: string;
  direction: string;
  purpose: string | null;
  reason: string | null;
  delay: number;
  amount: number | null;
  usual: number | null;
  silence: number | null;
  answers: string;
};

/** What their other orders come to on average: two at least, or nothing is usual yet. */
const USUAL = `CASE WHEN c.owner IS NOT NULL AND t.kind IN ('order_placed', 'order_paid') THEN (
    SELECT iif(count(*) > 1, avg(o.total_minor), NULL) FROM fragment g CROSS JOIN orders o ON o.fragment_id = g.id
    WHERE g.customer_id = c.id AND o.counts = 1 AND o.currency = t.currency
      AND NOT (o.source_id = t.source_id AND t.subject = 'order:' || o.external_id)) END`;

/** When they were last heard of before, by the end of the index of each of their fragments. */
const BEFORE = `(SELECT max(y.at) FROM (SELECT (
    SELECT x.occurred_at FROM touchpoint x WHERE x.fragment_id = g.id AND x.occurred_at <= t.occurred_at AND x.seq < t.seq AND x.direction = 'in'
    ORDER BY x.occurred_at DESC LIMIT 1) AS at FROM fragment g WHERE g.customer_id = c.id) y)`;

/** Touchpoints after the place ?1 of the log, at most ?2. What only owners are told of is asked for theirs alone. */
const NEWS = `SELECT t.seq, t.fragment_id, t.source_id, t.subject, t.kind, t.direction, t.purpose, t.data ->> 'reason' AS reason,
    t.received_at - t.occurred_at AS delay, t.value_minor AS amount, ${USUAL} AS usual,
    CASE WHEN c.owner IS NOT NULL AND t.direction = 'in' THEN t.occurred_at - ${BEFORE} END AS silence,
    (SELECT json_group_array(json_object('kind', a.kind, 'score', a.score)) FROM answer a
     WHERE a.fragment_id = t.fragment_id AND a.seq = t.seq) AS answers
  FROM touchpoint t CROSS JOIN fragment f ON f.id = t.fragment_id CROSS JOIN customer c ON c.id = f.customer_id
  WHERE t.seq > ?1 ORDER BY t.seq LIMIT ?2`;

const newsOf = (row: Row): News => ({
  seq: row.seq,
  fragmentId: row.fragment_id,
  subject: row.subject === null ? null : `${row.source_id}:${row.subject}`,
  happening: {
    kind: row.kind,
    reason: row.reason,
    purpose: row.purpose,
    isInward: row.direction === 'in',
    answers: parseStored<Happening['answers']>(row.answers, []),
    isHistory: row.delay > HISTORY_MS,
    amount: row.amount,
    usual: row.usual,
    silence: row.silence,
  },
});

/** What has come into the log after a place of it, in the order of arrival. */
export async function readNews(db: D1Database, after: number, limit: number): Promise<News[]> {
  const { results } = await db.prepare(NEWS).bind(after, limit).all<Row>();
  return results.map(newsOf);
}
