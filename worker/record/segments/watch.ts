import { Arguments } from '../../platform/arguments.ts';
import { isAmong, LISTED_CUSTOMERS, type Population } from './population.ts';

/**
 * Watched segments: entering is noticed when something happens with a customer. Who was seen in one is kept by fragment, which
 * never moves, so that joining and parting records changes nothing here.
 */

/** Members kept at once when a watch begins; whoever is beyond enters with the next thing that happens. */
const MAX_AT_FIRST = 50_000;

const KEY = (id: string) => `(SELECT s.id FROM segment s WHERE s.public_id = ${id})`;

/** Statements that put down who belongs to a segment at the moment its watch begins. */
export function watchStatements(db: D1Database, publicId: string, population: Population): D1PreparedStatement[] {
  const args = new Arguments();
  const id = args.add(publicId);
  const sql = `INSERT INTO segment_member (segment_id, fragment_id, since)
    SELECT ${KEY(id)}, c.id, ${args.add(population.now)} FROM customer c
    WHERE ${LISTED_CUSTOMERS} AND ${isAmong(population, args)} ORDER BY c.last_at DESC LIMIT ${args.add(MAX_AT_FIRST)}
    ON CONFLICT DO NOTHING`;
  return [db.prepare(sql).bind(...args.values)];
}

export const dropMembers = (db: D1Database, publicId: string): D1PreparedStatement =>
  db.prepare(`DELETE FROM segment_member WHERE segment_id = ${KEY('?1')}`).bind(publicId);

/** Of some fragments those whose customer belongs to a population now, and whether that was known. `fragments` is JSON. */
export function membersAmong(
  db: D1Database,
  segmentId: number,
  population: Population,
  fragments: readonly number[],
): D1PreparedStatement {
  const args = new Arguments();
  const segment = args.add(segmentId);
  const sql = `SELECT n.value AS fragment, EXISTS (SELECT 1 FROM customer c WHERE c.id = f.customer_id
      AND ${LISTED_CUSTOMERS} AND ${isAmong(population, args)}) AS is_member,
      EXISTS (SELECT 1 FROM fragment g CROSS JOIN segment_member m ON m.segment_id = ${segment} AND m.fragment_id = g.id
        WHERE g.customer_id = f.customer_id) AS was_member, f.customer_id AS customer
    FROM json_each(${args.add(JSON.stringify(fragments))}) n CROSS JOIN fragment f ON f.id = n.value`;
  return db.prepare(sql).bind(...args.values);
}
export type MemberRow = { fragment: number; customer: number; is_member: number; was_member: number };

/** Statements that keep up with who came and who went: fragments by whose customer belongs there and does not any more. */
export const keepMembers = (
  db: D1Database,
  segmentId: number,
  came: readonly number[],
  went: readonly number[],
  now: number,
): D1PreparedStatement[] => [
  ...(came.length > 0
    ? [
        db
          .prepare(
            `INSERT INTO segment_member (segment_id, fragment_id, since) SELECT ?1, f.id, ?3 FROM json_each(?2) n
             CROSS JOIN fragment f ON f.id = n.value CROSS JOIN segment s ON s.id = ?1 AND s.watched_at IS NOT NULL
             WHERE true ON CONFLICT DO NOTHING`,
          )
          .bind(segmentId, JSON.stringify(came), now),
      ]
    : []),
  ...(went.length > 0
    ? [
        db
          .prepare(
            `DELETE FROM segment_member WHERE segment_id = ?1 AND fragment_id IN (
               SELECT g.id FROM json_each(?2) n CROSS JOIN fragment f ON f.id = n.value
               CROSS JOIN fragment g ON g.customer_id = f.customer_id)`,
          )
          .bind(segmentId, JSON.stringify(went)),
      ]
    : []),
];
