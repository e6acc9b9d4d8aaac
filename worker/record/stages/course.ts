import { parseStored } from '../../platform/json.ts';

/** A touchpoint, as far as stages rest on it. */
export type Contact = {
  readonly seq: number;
  readonly source: number;
  readonly kind: string;
  readonly direction: string;
  readonly initiator: string;
  readonly subject: string | null;
  /** How it ended, where the source says so: `data.outcome`. */
  readonly outcome: string | null;
  /** Epoch ms. */
  readonly at: number;
};
/** An order while it counts: from when it was placed until it was cancelled or deleted. */
export type OrderSpan = {
  readonly source: number;
  readonly id: string;
  readonly from: number;
  readonly to: number | null;
};
export type Score = { readonly seq: number; readonly kind: string; readonly score: number; readonly at: number };
/** A stage that staff have set: it stands from `at` until `until`, or until the next one. Null for "as the rules say". */
export type Override = {
  readonly stage: string | null;
  readonly at: number;
  readonly until: number | null;
  readonly actor: string;
  readonly reason: string;
};
/** What a person's stages are worked out from: in any order, but for overrides, of which the later stands. */
export type Course = {
  readonly contacts: readonly Contact[];
  readonly orders: readonly OrderSpan[];
  readonly scores: readonly Score[];
  readonly overrides: readonly Override[];
};

/** What of a course happened at one moment. */
export type Moment = {
  readonly at: number;
  readonly contacts: Contact[];
  readonly scores: Score[];
  readonly placed: OrderSpan[];
  readonly ended: OrderSpan[];
};

/** The moments of a course up to `now`, in their order. An order that its shop dates later counts now, as on the record. */
export function momentsOf(course: Course, now: number): Moment[] {
  const moments = new Map<number, Moment>();
  const at = (time: number): Moment => {
    const when = Math.min(time, now);
    const moment = moments.get(when) ?? { at: when, contacts: [], scores: [], placed: [], ended: [] };
    moments.set(when, moment);
    return moment;
  };
  for (const contact of course.contacts) if (contact.at <= now) at(contact.at).contacts.push(contact);
  for (const score of course.scores) if (score.at <= now) at(score.at).scores.push(score);
  for (const order of course.orders) {
    if (order.to !== null && order.to <= order.from) continue;
    at(order.from).placed.push(order);
    if (order.to !== null) at(order.to).ended.push(order);
  }
  return [...moments.values()].sort((a, b) => a.at - b.at);
}

type Listed = { customer_id: number; list: string };
type Lists = {
  readonly contacts: readonly (readonly [
    number,
    number,
    string,
    string,
    string,
    string | null,
    string | null,
    number,
  ])[];
  readonly orders: readonly (readonly [number, string, number, number | null])[];
  readonly scores: readonly (readonly [number, string, number, number])[];
  readonly overrides: readonly (readonly [string | null, number, number | null, string, string | null])[];
};

/** Fragments of the customers in the JSON list ?1. */
const FRAGMENTS = 'json_each(?1) j CROSS JOIN fragment f ON f.customer_id = j.value';

/** One row a customer and a list in it: rows by the thousand cost more to hand over than one long text. */
const listOf = (values: string, from: string): string =>
  `SELECT f.customer_id, json_group_array(json_array(${values})) AS list FROM ${FRAGMENTS} ${from} GROUP BY f.customer_id`;

const CONTACTS = listOf(
  "t.seq, t.source_id, t.kind, t.direction, t.initiator, t.subject, t.data ->> 'outcome', t.occurred_at",
  'CROSS JOIN touchpoint t ON t.fragment_id = f.id',
);
/** An order that is void, or that nobody has told the total of, never counted. */
const ORDERS = listOf(
  `o.source_id, o.external_id, coalesce(o.placed_at, o.paid_at, o.as_of, o.person_as_of),
   CASE WHEN o.counts = 1 THEN NULL WHEN o.is_deleted = 0 THEN o.cancelled_at
     ELSE min(o.deleted_at, coalesce(o.cancelled_at, o.deleted_at)) END`,
  `CROSS JOIN orders o ON o.fragment_id = f.id AND o.total_minor IS NOT NULL AND o.is_void = 0
     AND (o.counts = 1 OR o.cancelled_at IS NOT NULL OR o.is_deleted = 1)`,
);
const OVERRIDES = `SELECT f.customer_id, json_group_array(json_array(e.value, e.at, e.until_at, e.actor, e.reason) ORDER BY e.at, e.id) AS list
  FROM ${FRAGMENTS} CROSS JOIN edit e ON e.fragment_id = f.id AND e.field = 'stage' GROUP BY f.customer_id`;
const SCORES = listOf('a.seq, a.kind, a.score, a.occurred_at', 'CROSS JOIN answer a ON a.fragment_id = f.id');

/** The statements that read what courses are made of; `coursesOf` puts their results together. */
export const courseStatements = (db: D1Database, customers: readonly number[]): D1PreparedStatement[] =>
  [CONTACTS, ORDERS, SCORES, OVERRIDES].map((sql) => db.prepare(sql).bind(JSON.stringify(customers)));

export function coursesOf(customers: readonly number[], results: readonly D1Result[]): Map<number, Course> {
  const listed = <Key extends keyof Lists>(index: number): Map<number, Lists[Key]> =>
    new Map(
      ((results[index]?.results ?? []) as Listed[]).map((row) => [
        row.customer_id,
        parseStored<Lists[Key]>(row.list, [] as unknown as Lists[Key]),
      ]),
    );
  const [contacts, orders, scores] = [listed<'contacts'>(0), listed<'orders'>(1), listed<'scores'>(2)];
  const overrides = listed<'overrides'>(3);
  return new Map(
    customers.map((id) => [
      id,
      {
        contacts: (contacts.get(id) ?? []).map(([seq, source, kind, direction, initiator, subject, outcome, at]) => ({
          seq,
          source,
          kind,
          direction,
          initiator,
          subject,
          outcome,
          at,
        })),
        orders: (orders.get(id) ?? []).map(([source, external, from, to]) => ({ source, id: external, from, to })),
        scores: (scores.get(id) ?? []).map(([seq, kind, score, at]) => ({ seq, kind, score, at })),
        overrides: (overrides.get(id) ?? []).map(([stage, at, until, actor, reason]) => ({
          stage,
          at,
          until,
          actor,
          reason: reason ?? '',
        })),
      },
    ]),
  );
}
