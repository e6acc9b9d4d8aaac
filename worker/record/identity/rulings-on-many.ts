import type { Runtime } from '../../platform/env.ts';
import { customerIdOf } from '../customers.ts';
import { type By, rule, STAFF } from './rulings.ts';

/** What staff decide of several records at once: one decision for each two of them, so that each can be taken back by itself. */
export type RuledOnMany =
  | { readonly ok: true; readonly decisionIds: readonly string[] }
  | { readonly ok: false; readonly why: 'no_such_customer' | 'too_few' | 'kept_apart' };

/** Customers by their public ids, the one seen first in front, each once; null where one is nobody's. */
async function allOf(db: D1Database, publicIds: readonly string[]): Promise<number[] | null> {
  const found = await Promise.all(publicIds.map((id) => customerIdOf(db, id)));
  const ids = found.flatMap((id) => id ?? []);
  return ids.length < found.length ? null : [...new Set(ids)].sort((a, b) => a - b);
}

/** True where staff keep two of the customers in ?1 apart. */
const KEPT_APART = `SELECT 1 AS yes FROM json_each(?1) c CROSS JOIN fragment x ON x.customer_id = c.value
  CROSS JOIN decision d ON d.fragment_a = x.id AND d.actor = '${STAFF}' AND d.action = 'refuse' AND d.revoked_at IS NULL
  CROSS JOIN fragment y ON y.id = d.fragment_b AND y.customer_id <> c.value AND y.customer_id IN (SELECT value FROM json_each(?1)) LIMIT 1`;

/**
 * Makes several records one: each of the others is joined to the one seen first. Two of them that staff have kept apart are not
 * joined in passing. @throws DatabaseBusy
 */
export async function mergeAll(runtime: Runtime, publicIds: readonly string[], by: By): Promise<RuledOnMany> {
  const ids = await allOf(runtime.db, publicIds);
  if (!ids) return { ok: false, why: 'no_such_customer' };
  const [first, ...others] = ids;
  if (first === undefined || others.length === 0) return { ok: false, why: 'too_few' };
  if (await runtime.db.prepare(KEPT_APART).bind(JSON.stringify(ids)).first()) return { ok: false, why: 'kept_apart' };
  const pairs = others.map((other) => [first, other] as const);
  return { ok: true, decisionIds: await rule(runtime, 'link', pairs, by) };
}

/** Keeps each two of several records apart, whatever evidence says. @throws DatabaseBusy */
export async function keepAllApart(runtime: Runtime, publicIds: readonly string[], by: By): Promise<RuledOnMany> {
  const ids = await allOf(runtime.db, publicIds);
  if (!ids) return { ok: false, why: 'no_such_customer' };
  if (ids.length < 2) return { ok: false, why: 'too_few' };
  const pairs = ids.flatMap((one, at) => ids.slice(at + 1).map((other) => [one, other] as const));
  return { ok: true, decisionIds: await rule(runtime, 'refuse', pairs, by) };
}
