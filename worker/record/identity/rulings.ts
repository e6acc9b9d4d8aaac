import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { customerIdOf } from '../customers.ts';
import { settle } from './settle.ts';

/**
 * What people decide about who is who. A decision names two fragments, stands over all evidence, and can be taken back at any
 * later time, in any order: the records are worked out anew from what then stands.
 */
export const STAFF = 'staff';

/** Why, in the words of whoever decided; and who it was, where that is known: the public id of a member of staff, or a word. */
export type By = { readonly reason: string; readonly actor?: string };

export type Ruled =
  | { readonly ok: true; readonly decisionId: string }
  | { readonly ok: false; readonly why: 'no_such_customer' | 'same_record' };

const LIST = (parameter: string): string =>
  `(SELECT f.id FROM fragment f WHERE f.customer_id = (SELECT customer_id FROM fragment WHERE id = ${parameter}))`;

/** The decision that now stands between two fragments. */
const STANDING = `(SELECT n.id FROM decision n WHERE n.fragment_a = min(?1, ?2) AND n.fragment_b = max(?1, ?2) AND n.action = ?6
  AND n.rule = 'by_hand' AND n.actor = '${STAFF}' AND n.revoked_at IS NULL)`;

/** What staff decided before between the people of two fragments stands back behind the new decision, until that is taken back. */
const replaceEarlier = (
  db: D1Database,
  action: 'link' | 'refuse',
  [a, b]: readonly [number, number],
  now: number,
  by: By,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE decision SET revoked_at = ?3, revoked_by = ?5, revoke_reason = ?4, replaced_by = ${STANDING}
       WHERE actor = '${STAFF}' AND revoked_at IS NULL AND id <> ${STANDING} AND (
         (fragment_a IN ${LIST('?1')} AND fragment_b IN ${LIST('?2')}) OR (fragment_a IN ${LIST('?2')} AND fragment_b IN ${LIST('?1')}))`,
    )
    .bind(a, b, now, by.reason, by.actor ?? STAFF, action);

const decide = (db: D1Database, action: 'link' | 'refuse', a: number, b: number, now: number, by: By) =>
  db
    .prepare(
      `INSERT INTO decision (action, actor, rule, fragment_a, fragment_b, evidence, decided_at, decided_by)
       VALUES (?1, '${STAFF}', 'by_hand', ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (fragment_a, fragment_b, action, rule, actor) WHERE revoked_at IS NULL DO UPDATE SET
         evidence = excluded.evidence, decided_by = excluded.decided_by
       RETURNING id`,
    )
    .bind(
      action,
      Math.min(a, b),
      Math.max(a, b),
      JSON.stringify({ rule: 'by_hand', reason: by.reason }),
      now,
      by.actor ?? null,
    );

/** What is to be placed anew, put down in the batch that changed it: should the process end, the minute's cron places it. */
const queue = (db: D1Database, fragments: readonly number[]): D1PreparedStatement =>
  db
    .prepare(`INSERT INTO person_work (fragment_id, reason) SELECT value, 'place' FROM json_each(?1)`)
    .bind(JSON.stringify(fragments));

const place = ({ db, clock }: Runtime, fragments: readonly number[]): Promise<void> =>
  settle(
    db,
    clock,
    fragments.map((id) => [id, 'place'] as const),
  );

/** Writes one decision for each pair, all or none, and works out what follows of them together. Gives their ids. */
export async function rule(
  runtime: Runtime,
  action: 'link' | 'refuse',
  pairs: readonly (readonly [number, number])[],
  by: By,
): Promise<string[]> {
  const { db, clock } = runtime;
  const now = clock.now();
  const fragments = [...new Set(pairs.flat())];
  const results = await withRetry(() =>
    db.batch<{ id: number }>([
      ...pairs.flatMap(([a, b]) => [decide(db, action, a, b, now, by), replaceEarlier(db, action, [a, b], now, by)]),
      queue(db, fragments),
    ]),
  );
  await place(runtime, fragments);
  return pairs.map((_, index) => String(results[index * 2]?.results[0]?.id ?? ''));
}

const ruleOnOne = async (
  runtime: Runtime,
  action: 'link' | 'refuse',
  pair: readonly [number, number],
  by: By,
): Promise<Ruled> => {
  const [decisionId = ''] = await rule(runtime, action, [pair], by);
  return { ok: true, decisionId };
};

/** Both records as they stand, by their public ids; former ids count. */
async function bothOf({ db }: Runtime, one: string, other: string): Promise<readonly [number, number] | null> {
  const [a, b] = await Promise.all([customerIdOf(db, one), customerIdOf(db, other)]);
  return a === null || b === null ? null : [a, b];
}

/** Makes two records one. The id of the one seen first survives; the other leads to it. @throws DatabaseBusy */
export async function mergeCustomers(runtime: Runtime, into: string, from: string, by: By): Promise<Ruled> {
  const pair = await bothOf(runtime, into, from);
  if (!pair) return { ok: false, why: 'no_such_customer' };
  if (pair[0] === pair[1]) return { ok: false, why: 'same_record' };
  return ruleOnOne(runtime, 'link', pair, by);
}

/** Keeps two records apart, whatever evidence says, and remembers it: they are not suggested again. @throws DatabaseBusy */
export async function keepApart(runtime: Runtime, one: string, other: string, by: By): Promise<Ruled> {
  const pair = await bothOf(runtime, one, other);
  if (!pair) return { ok: false, why: 'no_such_customer' };
  if (pair[0] === pair[1]) return { ok: false, why: 'same_record' };
  return ruleOnOne(runtime, 'refuse', pair, by);
}

export type Revoked =
  | { readonly ok: true; readonly decisionId: string }
  | { readonly ok: false; readonly why: 'no_such_decision' | 'already_revoked' | 'follows_from_evidence' };

type DecisionRow = {
  action: 'link' | 'refuse';
  actor: string;
  fragment_a: number;
  fragment_b: number;
  revoked_at: number | null;
  replaced_by: number | null;
};

/** Ends a decision for good: the one in force, or one that waits behind another. What it had replaced takes its place. */
const end = (db: D1Database, id: number, { replaced_by }: DecisionRow, now: number, by: By): D1PreparedStatement[] => [
  db
    .prepare(
      'UPDATE decision SET revoked_at = ?2, revoked_by = ?4, revoke_reason = ?3, replaced_by = NULL WHERE id = ?1',
    )
    .bind(id, now, by.reason, by.actor ?? STAFF),
  replaced_by === null
    ? db
        .prepare(
          `UPDATE OR IGNORE decision SET revoked_at = NULL, revoked_by = NULL, revoke_reason = NULL, replaced_by = NULL
           WHERE replaced_by = ?1`,
        )
        .bind(id)
    : db.prepare('UPDATE decision SET replaced_by = ?2 WHERE replaced_by = ?1').bind(id, replaced_by),
];

/** The fragments of what a decision had replaced. */
async function replacedBy(db: D1Database, id: number): Promise<number[]> {
  const { results } = await db
    .prepare('SELECT fragment_a AS a, fragment_b AS b FROM decision WHERE replaced_by = ?1')
    .bind(id)
    .all<{ a: number; b: number }>();
  return results.flatMap(({ a, b }) => [a, b]);
}

/**
 * Takes a decision back. What staff decided is revoked; a link that follows from evidence would come back with it, so that taking
 * it back is a decision of its own: the two are kept apart. What a decision had replaced stands again without it. A refusal that follows from evidence is answered by merging.
 * `decisionId` is the decision that now stands for this: the one revoked, or the new one. @throws DatabaseBusy
 */
export async function revokeDecision(runtime: Runtime, id: number, by: By): Promise<Revoked> {
  const { db, clock } = runtime;
  const row = await db
    .prepare('SELECT action, actor, fragment_a, fragment_b, revoked_at, replaced_by FROM decision WHERE id = ?1')
    .bind(id)
    .first<DecisionRow>();
  if (!row) return { ok: false, why: 'no_such_decision' };
  if (row.revoked_at !== null && row.replaced_by === null) return { ok: false, why: 'already_revoked' };
  const pair = [row.fragment_a, row.fragment_b] as const;
  if (row.actor !== STAFF) {
    if (row.action === 'refuse') return { ok: false, why: 'follows_from_evidence' };
    return { ok: true, decisionId: await separate(runtime, pair, by) };
  }
  const fragments = [...new Set([...pair, ...(await replacedBy(db, id))])];
  await withRetry(() => db.batch([...end(db, id, row, clock.now(), by), queue(db, fragments)]));
  await place(runtime, fragments);
  return { ok: true, decisionId: String(id) };
}

/** Keeps two fragments of one record apart. */
async function separate(runtime: Runtime, [a, b]: readonly [number, number], by: By): Promise<string> {
  const { db, clock } = runtime;
  const results = await withRetry(() =>
    db.batch<{ id: number }>([decide(db, 'refuse', a, b, clock.now(), by), queue(db, [a, b])]),
  );
  await place(runtime, [a, b]);
  return String(results[0]?.results[0]?.id ?? '');
}
