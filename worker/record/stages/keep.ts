import { tellOfStages } from '../told.ts';
import type { History, Stretch } from './history.ts';

/** Writes how customers stand and the course that led there, for those who are still as they were read. */

export type StageWork = {
  readonly id: number;
  /** `next_stage_at` as it was read. */
  readonly mark: number;
  /** Null for who is in no stage. */
  readonly history: History | null;
  /** The stretches as they are kept, each as text. */
  readonly before: readonly string[];
};

/** The columns of a stretch, as text: what is kept and what is worked out are compared so. */
const rowOf = (one: Stretch): string =>
  JSON.stringify([
    one.from,
    one.to,
    one.stage,
    one.version,
    one.initiator,
    JSON.stringify(one.because),
    JSON.stringify(one.evidence),
    one.reason,
    one.actor,
  ]);

export type Kept = { customer_id: number; list: string };

/** The kept stretches of customers, one list a customer. */
export const keptOf = (db: D1Database, customers: readonly number[]): D1PreparedStatement =>
  db
    .prepare(
      `SELECT customer_id, json_group_array(
         json_array(from_at, to_at, stage, version, initiator, because, evidence, reason, actor) ORDER BY from_at) AS list
       FROM json_each(?1) j CROSS JOIN stage_change s ON s.customer_id = j.value GROUP BY customer_id`,
    )
    .bind(JSON.stringify(customers));

const STILL = `EXISTS (SELECT 1 FROM customer c WHERE c.id = w.value ->> 'id' AND c.next_stage_at = w.value ->> 'mark')`;

/** Since when the present stage lasts without a break, whoever said so. */
function sinceOf(stretches: readonly Stretch[]): number | null {
  const last = stretches.at(-1);
  if (!last) return null;
  const other = stretches.findLastIndex(({ stage }) => stage !== last.stage);
  return stretches[other + 1]?.from ?? last.from;
}

function stateOf({ id, mark, history }: StageWork) {
  const stretches = history?.stretches ?? [];
  const standing = history?.standing;
  return {
    id,
    mark,
    stage: stretches.at(-1)?.stage ?? null,
    since: sinceOf(stretches),
    next: history?.nextAt ?? null,
    standing: standing
      ? {
          twoWay: standing.twoWay,
          subscriptions: standing.subscriptions.size,
          referrals: standing.referrals,
          closed: standing.isClosed ? 1 : 0,
          unsubscribed: standing.isUnsubscribed ? 1 : 0,
          complaint: standing.isComplaintLost ? 1 : 0,
        }
      : null,
  };
}

const STANDING = [
  'two_way',
  'subscriptions',
  'referrals',
  'is_closed',
  'is_unsubscribed',
  'is_complaint_lost',
] as const;

/** One batch; bears repetition, and leaves out whom something has concerned since they were read. */
export async function writeStages(db: D1Database, works: readonly StageWork[], now: number): Promise<void> {
  const changed = works.flatMap((work) => {
    const rows = (work.history?.stretches ?? []).map(rowOf);
    const isSame =
      rows.length === work.before.length && rows.every((row, index) => row === JSON.stringify(work.before[index]));
    return isSame ? [] : [{ id: work.id, mark: work.mark, rows: rows.map((row) => JSON.parse(row) as unknown) }];
  });
  const states = JSON.stringify(works.map(stateOf));
  const news = STANDING.map((column) => `excluded.${column}`).join(', ');
  const statement = (sql: string, list: string): D1PreparedStatement => db.prepare(sql).bind(list);
  const rewritten = JSON.stringify(changed);
  await db.batch([
    statement(
      `DELETE FROM stage_change WHERE customer_id IN (SELECT w.value ->> 'id' FROM json_each(?1) w WHERE ${STILL})`,
      rewritten,
    ),
    statement(
      `INSERT INTO stage_change (customer_id, from_at, to_at, stage, version, initiator, because, evidence, reason, actor)
       SELECT w.value ->> 'id', ${[0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => `r.value ->> ${at}`).join(', ')}
       FROM json_each(?1) w CROSS JOIN json_each(w.value, '$.rows') r WHERE ${STILL}`,
      rewritten,
    ),
    statement(
      `DELETE FROM standing WHERE customer_id IN (
         SELECT w.value ->> 'id' FROM json_each(?1) w WHERE w.value ->> 'standing' IS NULL AND ${STILL})`,
      states,
    ),
    statement(
      `INSERT INTO standing (customer_id, ${STANDING.join(', ')})
       SELECT w.value ->> 'id', ${['twoWay', 'subscriptions', 'referrals', 'closed', 'unsubscribed', 'complaint'].map((name) => `w.value ->> '$.standing.${name}'`).join(', ')}
       FROM json_each(?1) w WHERE w.value ->> 'standing' IS NOT NULL AND ${STILL}
       ON CONFLICT (customer_id) DO UPDATE SET (${STANDING.join(', ')}) = (${news})
       WHERE (${STANDING.join(', ')}) IS NOT (${news})`,
      states,
    ),
    tellOfStages(db, states, now),
    // Last: what comes before asks whether the mark still stands.
    statement(
      `UPDATE customer SET stage = w.value ->> 'stage', stage_since = w.value ->> 'since', next_stage_at = w.value ->> 'next'
       FROM json_each(?1) w WHERE customer.id = w.value ->> 'id' AND customer.next_stage_at = w.value ->> 'mark'`,
      states,
    ),
  ]);
}
