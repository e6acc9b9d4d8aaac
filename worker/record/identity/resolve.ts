import type { Clock } from '../../platform/clock.ts';
import { withRetry } from '../../platform/database.ts';
import { log } from '../../platform/log.ts';
import { recountOrders, recountTouchpoints, reindexCustomers, renameCustomers } from '../numbers.ts';
import { restateCustomers } from '../standing.ts';
import { recountSuggestions } from '../suggestions/recount.ts';
import { type Component, FINGERPRINT, MAX_FRAGMENTS, readComponent } from './component.ts';
import { type Partition, partition } from './partition.ts';

const ATTEMPTS = 5;
const STALE = 'NOT NULL constraint failed: person_work.fragment_id';
const LISTED = 'SELECT value FROM json_each(?1)';

/** Writes where the fragments belong and why, or fails as a whole when the evidence has changed since it was read. */
function placement(
  db: D1Database,
  seeds: readonly number[],
  component: Component,
  result: Partition,
  now: number,
): D1PreparedStatement[] {
  const contested = new Set(result.decided.filter((d) => d.action === 'refuse').flatMap((d) => [d.a, d.b]));
  const places = result.groups.flatMap(({ customerId, fragmentIds }) =>
    fragmentIds.map((id) => ({ id, customer: customerId, contested: contested.has(id) ? 1 : 0 })),
  );
  const members = JSON.stringify(component.fragments.map((fragment) => fragment.id));
  const customerOf = new Map(places.map(({ id, customer }) => [id, customer]));
  // Only whose fragments have moved is counted anew, and only they and whom the news is about are named anew.
  const moved = component.fragments.flatMap((f) => {
    const customer = customerOf.get(f.id) ?? f.customerId;
    return customer === f.customerId ? [] : [f.customerId, customer];
  });
  const told = seeds.map((id) => customerOf.get(id) ?? id);
  const recounted = JSON.stringify([...new Set(moved)]);
  const renamed = JSON.stringify([...new Set([...moved, ...told])]);
  const decided = JSON.stringify(
    result.decided.map((d) => ({ ...d, rule: d.reason.rule, evidence: JSON.stringify(d.reason) })),
  );
  return [
    // A NULL where none may be: the batch fails, and is worked out again on what is true now.
    db
      .prepare(`INSERT INTO person_work (fragment_id, reason) SELECT NULL, 'place' WHERE ${FINGERPRINT} <> ?2`)
      .bind(JSON.stringify(seeds), component.fingerprint),
    db
      .prepare(
        `UPDATE fragment SET customer_id = p.value ->> 'customer', is_contested = p.value ->> 'contested'
         FROM json_each(?1) p WHERE fragment.id = p.value ->> 'id'
           AND (customer_id <> p.value ->> 'customer' OR is_contested <> p.value ->> 'contested')`,
      )
      .bind(JSON.stringify(places)),
    db
      .prepare(
        `UPDATE decision SET revoked_at = ?3 WHERE actor = 'rule' AND revoked_at IS NULL
           AND (fragment_a IN (${LISTED}) OR fragment_b IN (${LISTED}))
           AND NOT EXISTS (SELECT 1 FROM json_each(?2) d WHERE d.value ->> 'a' = fragment_a AND d.value ->> 'b' = fragment_b
             AND d.value ->> 'action' = action AND d.value ->> 'rule' = rule)`,
      )
      .bind(members, decided, now),
    db
      .prepare(
        `INSERT INTO decision (action, actor, rule, fragment_a, fragment_b, evidence, decided_at)
         SELECT d.value ->> 'action', 'rule', d.value ->> 'rule', d.value ->> 'a', d.value ->> 'b', d.value ->> 'evidence', ?2
         FROM json_each(?1) d WHERE true
         ON CONFLICT (fragment_a, fragment_b, action, rule, actor) WHERE revoked_at IS NULL DO UPDATE SET
           evidence = excluded.evidence WHERE decision.evidence <> excluded.evidence`,
      )
      .bind(decided, now),
    ...[recountTouchpoints(LISTED), recountOrders(LISTED)].map((sql) => db.prepare(sql).bind(recounted)),
    ...[
      renameCustomers(LISTED),
      restateCustomers(LISTED),
      ...reindexCustomers(LISTED),
      ...recountSuggestions(LISTED),
    ].map((sql) => db.prepare(sql).bind(renamed)),
    db
      .prepare(`DELETE FROM person_work WHERE id <= ?2 AND fragment_id IN (${LISTED})`)
      .bind(members, component.lastWorkId),
  ];
}

const isStale = (error: unknown): boolean => error instanceof Error && error.message.includes(STALE);

/**
 * Works out anew who the given fragments belong to. Bears repetition; a race with new evidence is noticed and run again.
 * Should it not settle, the work stays queued for the cron. Gives all the fragments that have been placed with them.
 */
export async function resolveIdentity(
  db: D1Database,
  clock: Clock,
  fragmentIds: readonly number[],
): Promise<readonly number[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const component = await withRetry(() => readComponent(db, fragmentIds));
    if (component.fragments.length >= MAX_FRAGMENTS)
      log('component_too_large', { fragments: component.fragments.length });
    const result = partition(component.fragments, component.evidence, component.rulings, component.limits);
    try {
      await withRetry(() => db.batch(placement(db, fragmentIds, component, result, clock.now())));
      return component.fragments.map(({ id }) => id);
    } catch (error) {
      if (!isStale(error)) throw error;
      log('identity_stale', { attempt });
    }
  }
  return fragmentIds;
}
