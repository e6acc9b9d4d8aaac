import type { Evidence, Fragment, Ruling } from './evidence.ts';
import { LIMITS, type Limits, USUAL } from './limits.ts';

/** All fragments that evidence or a decision of staff connects with some others, and what connects them. */
export type Component = {
  readonly fragments: readonly (Fragment & { readonly customerId: number })[];
  readonly evidence: readonly Evidence[];
  readonly rulings: readonly Ruling[];
  readonly limits: Limits;
  /** Changes whenever the evidence does: a write made on it fails when the evidence has moved on. */
  readonly fingerprint: string;
  /** The newest piece of work this reading covers. */
  readonly lastWorkId: number;
};

/** More than so many fragments in one component is no person; the rest is left out and logged. */
export const MAX_FRAGMENTS = 1000;

/**
 * Closure of the fragments in the JSON list ?1 under linking identifiers and decisions of staff. It steps from fragments to the
 * values they share and from values to their holders, so that each is looked up once, however many hold the same.
 */
const MEMBERS = `WITH RECURSIVE node (id, kind, value, scope) AS (
    SELECT value, NULL, NULL, NULL FROM json_each(?1)
    UNION
    SELECT NULL, i.kind, i.value, i.scope FROM node n
      CROSS JOIN identifier i ON i.fragment_id = n.id AND i.may_link = 1
      WHERE EXISTS (SELECT 1 FROM identifier o WHERE o.kind = i.kind AND o.value = i.value AND o.scope = i.scope
                    AND o.may_link = 1 AND o.fragment_id <> i.fragment_id)
    UNION
    SELECT o.fragment_id, NULL, NULL, NULL FROM node n
      CROSS JOIN identifier o ON o.kind = n.kind AND o.value = n.value AND o.scope = n.scope AND o.may_link = 1
    UNION
    SELECT CASE d.fragment_a WHEN n.id THEN d.fragment_b ELSE d.fragment_a END, NULL, NULL, NULL FROM node n
      CROSS JOIN decision d ON (d.fragment_a = n.id OR d.fragment_b = n.id) AND d.actor <> 'rule' AND d.revoked_at IS NULL
    LIMIT ${3 * MAX_FRAGMENTS}),
  member (id) AS (SELECT id FROM node WHERE id IS NOT NULL LIMIT ${MAX_FRAGMENTS})`;

/** One value for all evidence in the component; an SQL expression over the parameter ?1. */
export const FINGERPRINT = `(${MEMBERS}
  SELECT (SELECT count(*) FROM member) || ':' || count(*) || ':' || coalesce(sum(i.assurance), 0) || ':' || coalesce(sum(i.first_at), 0)
    || ':' || (SELECT count(*) || '/' || coalesce(sum(d.id), 0) FROM decision d WHERE d.actor <> 'rule' AND d.revoked_at IS NULL
               AND d.fragment_a IN (SELECT id FROM member))
  FROM member m CROSS JOIN identifier i ON i.fragment_id = m.id AND i.may_link = 1)`;

type FragmentRow = { id: number; source_id: number; key: string; customer_id: number };
type EvidenceRow = {
  fragment_id: number;
  kind: string;
  value: string;
  scope: number;
  assurance: number;
  first_at: number;
};
type RulingRow = { action: 'link' | 'refuse'; fragment_a: number; fragment_b: number };

const LIMITS_SET = 'SELECT name, most FROM identity_limit';
type LimitRow = { name: string; most: number };

/** The usual limits, but for those that the owner has set. */
const limitsOf = (rows: readonly LimitRow[]): Limits => ({
  ...USUAL,
  ...Object.fromEntries(
    rows.flatMap(({ name, most }) => (LIMITS.some((limit) => limit === name) ? [[name, most]] : [])),
  ),
});

/** The limits that hold now. */
export const readLimits = async (db: D1Database): Promise<Limits> =>
  limitsOf((await db.prepare(LIMITS_SET).all<LimitRow>()).results);

/** Reads the component around some fragments, in one round trip. */
export async function readComponent(db: D1Database, fragmentIds: readonly number[]): Promise<Component> {
  const seeds = JSON.stringify(fragmentIds);
  const [fragments, evidence, rulings, state, limits] = await db.batch([
    db
      .prepare(
        `${MEMBERS} SELECT f.id, f.source_id, f.key, f.customer_id FROM member m CROSS JOIN fragment f ON f.id = m.id`,
      )
      .bind(seeds),
    db
      .prepare(
        `${MEMBERS} SELECT i.fragment_id, i.kind, i.value, i.scope, i.assurance, i.first_at
         FROM member m CROSS JOIN identifier i ON i.fragment_id = m.id AND i.may_link = 1`,
      )
      .bind(seeds),
    db
      .prepare(
        `${MEMBERS} SELECT d.action, d.fragment_a, d.fragment_b FROM decision d
         WHERE d.actor <> 'rule' AND d.revoked_at IS NULL AND d.fragment_a IN (SELECT id FROM member) ORDER BY d.id`,
      )
      .bind(seeds),
    db
      .prepare(`SELECT ${FINGERPRINT} AS fingerprint, (SELECT coalesce(max(id), 0) FROM person_work) AS last_work_id`)
      .bind(seeds),
    db.prepare(LIMITS_SET),
  ]);
  const [row] = (state?.results ?? []) as { fingerprint: string; last_work_id: number }[];
  return {
    fragments: ((fragments?.results ?? []) as FragmentRow[]).map((f) => ({
      id: f.id,
      sourceId: f.source_id,
      key: f.key,
      customerId: f.customer_id,
    })),
    evidence: ((evidence?.results ?? []) as EvidenceRow[]).map((e) => ({
      fragmentId: e.fragment_id,
      kind: e.kind,
      value: e.value,
      scope: e.scope,
      assurance: e.assurance,
      firstAt: e.first_at,
    })),
    rulings: ((rulings?.results ?? []) as RulingRow[]).map((r) => ({
      action: r.action,
      a: r.fragment_a,
      b: r.fragment_b,
    })),
    limits: limitsOf((limits?.results ?? []) as LimitRow[]),
    fingerprint: row?.fingerprint ?? '',
    lastWorkId: row?.last_work_id ?? 0,
  };
}
