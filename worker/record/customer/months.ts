import { CUSTOMER, definePart } from './part.ts';

/** Contacts of one calendar month in UTC: `2026-03`. Of a very busy month no more than MOST are counted. */
export type MonthCount = { readonly month: string; readonly contacts: number };

const MONTHS = 36;
export const MOST = 500;

const startOf = (ms: string, move: string): string =>
  `unixepoch(date(${ms} / 1000, 'unixepoch', 'start of month'${move})) * 1000`;

/** Month by month back from the last contact, each by the index and up to a bound: a long history costs no more than a busy one. */
const monthsOf = (last: string, until: string): string =>
  `WITH RECURSIVE kept AS (SELECT first_at, ${last} AS last_at FROM customer WHERE id = ${CUSTOMER}),
     month (start, place) AS (
       SELECT ${startOf('last_at', '')}, 1 FROM kept WHERE last_at >= first_at
       UNION ALL SELECT ${startOf('start', ", '-1 month'")}, place + 1 FROM month
       WHERE place < ${MONTHS} AND start > (SELECT first_at FROM kept))
   SELECT strftime('%Y-%m', start / 1000, 'unixepoch') AS month, (
     SELECT count(*) FROM (
       SELECT 1 FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id
         AND t.occurred_at >= month.start AND t.occurred_at < ${startOf('month.start', ", '+1 month'")}${until}
       WHERE f.customer_id = ${CUSTOMER} LIMIT ${MOST})) AS contacts
   FROM month ORDER BY start`;

/** How much there was, month by month, oldest first. */
export const months = definePart(
  { now: monthsOf('last_at', ''), past: monthsOf('min(last_at, ?2)', ' AND t.occurred_at <= ?2') },
  (rows: readonly MonthCount[]) => rows.map(({ month, contacts }): MonthCount => ({ month, contacts })),
);
