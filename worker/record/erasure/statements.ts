import { ERASED_PERSON } from '../deliveries.ts';
import { recountOrders, recountTouchpoints, reindexCustomers, renameCustomers } from '../numbers.ts';
import { restateCustomers } from '../standing.ts';
import { tellOfErasure } from '../told.ts';
import type { Hasher } from './hashes.ts';
import type { Holding } from './holding.ts';
import { HOLDINGS } from './holdings.ts';
import { FINGERPRINT, type Plan } from './plan.ts';
import { keepRefusals } from './refusals.ts';

/** The statements of one erasure, from its plan. */
export type Writing = {
  readonly db: D1Database;
  readonly plan: Plan;
  readonly hash: Hasher;
  /** Public id of its certificate. */
  readonly certificate: string;
  /** Epoch ms. */
  readonly at: number;
};

const LISTED = 'SELECT value FROM json_each(?1)';

/** Rows of one parameter: a text of it may be 2 MB at most. */
const AT_ONCE = 5000;

function parts<T>(rows: readonly T[]): string[] {
  const all: string[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) all.push(JSON.stringify(rows.slice(from, from + AT_ONCE)));
  return all;
}

/** The columns that erasure sets, beside those that are hashed. */
const assignments = ({ columns, set = {} }: Holding): string[] => [
  ...Object.entries(columns).flatMap(([column, fate]) =>
    fate === 'emptied' && !(column in set) ? [`${column} = NULL`] : [],
  ),
  ...Object.entries(set).map(([column, sql]) => `${column} = ${sql}`),
];

/** What takes the data of a table away; over the fragments in ?1. */
export const sqlOf = (holding: Holding): string =>
  holding.rows === 'deleted'
    ? `DELETE FROM ${holding.table} AS x WHERE ${holding.where}`
    : `UPDATE ${holding.table} AS x SET ${assignments(holding).join(', ')} WHERE ${holding.where}`;

/** The rows that the statement before has changed, on the certificate. */
const count = ({ db, certificate }: Writing, table: string): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE erasure SET counts = json_set(counts, '$.${table}', coalesce(counts ->> '$.${table}', 0) + changes()) WHERE public_id = ?1`,
    )
    .bind(certificate);

/** Tables whose rows are known by a hash from now on; each gives its maps as JSON, `?1` of the statement beside it. */
async function hashed({ plan, hash }: Writing): Promise<ReadonlyMap<string, { sql: string; maps: string[] }>> {
  const messages = plan.messages.map(async ({ seq, source_id, message_id }) => ({
    seq,
    hash: await hash('message', source_id, message_id),
  }));
  const orders = plan.orders.map(async ({ source_id, external_id }) => ({
    source: source_id,
    id: external_id,
    hash: await hash('order', source_id, external_id),
  }));
  const refunds = plan.refunds.map(async ({ source_id, order_id, external_id }) => ({
    source: source_id,
    order: order_id,
    id: external_id,
    orderHash: await hash('order', source_id, order_id),
    hash: await hash('refund', source_id, order_id, external_id),
  }));
  const emptied = (table: string) => {
    const holding = HOLDINGS.find((candidate) => candidate.table === table);
    return holding ? assignments(holding).map((assignment) => `, ${assignment}`) : [];
  };
  return new Map([
    [
      'touchpoint',
      {
        sql: `UPDATE touchpoint SET message_id = m.value ->> 'hash'${emptied('touchpoint').join('')} FROM json_each(?1) m WHERE seq = m.value ->> 'seq'`,
        maps: parts(await Promise.all(messages)),
      },
    ],
    [
      'refund',
      {
        sql: `UPDATE refund SET order_id = m.value ->> 'orderHash', external_id = m.value ->> 'hash' FROM json_each(?1) m
          WHERE source_id = m.value ->> 'source' AND order_id = m.value ->> 'order' AND external_id = m.value ->> 'id'`,
        maps: parts(await Promise.all(refunds)),
      },
    ],
    [
      'order_line',
      {
        sql: `UPDATE order_line SET external_id = m.value ->> 'hash' FROM json_each(?1) m
          WHERE source_id = m.value ->> 'source' AND external_id = m.value ->> 'id'`,
        maps: parts(await Promise.all(orders)),
      },
    ],
    [
      'orders',
      {
        sql: `UPDATE orders SET external_id = m.value ->> 'hash'${emptied('orders').join('')} FROM json_each(?1) m
          WHERE source_id = m.value ->> 'source' AND external_id = m.value ->> 'id'`,
        maps: parts(await Promise.all(orders)),
      },
    ],
  ]);
}

/** Each holding by its own statement, in the order of the list, and how many rows it took. */
async function holdings(writing: Writing, ids: string): Promise<D1PreparedStatement[]> {
  const { db } = writing;
  const byHash = await hashed(writing);
  return HOLDINGS.flatMap((holding) => {
    // All of it is figures: nothing to write.
    if (holding.rows === 'anonymised' && assignments(holding).length === 0 && !byHash.has(holding.table)) return [];
    const special = byHash.get(holding.table);
    const statements = special
      ? special.maps.map((map) => db.prepare(special.sql).bind(map))
      : [db.prepare(sqlOf(holding)).bind(ids)];
    return statements.flatMap((statement) => [statement, count(writing, holding.table)]);
  });
}

/** What others claimed of their values, and who may be worked out anew now that they are gone. */
function others(writing: Writing, ids: string): D1PreparedStatement[] {
  const { db, plan } = writing;
  const claims = plan.claimants.map(({ fragmentId, claim }) => ({ ...claim, fragmentId }));
  return [
    // Before the identifiers go: those who share a linking value with them.
    db
      .prepare(
        `INSERT INTO person_work (fragment_id, reason)
         SELECT DISTINCT o.fragment_id, 'place' FROM json_each(?1) x CROSS JOIN identifier i ON i.fragment_id = x.value AND i.may_link = 1
         CROSS JOIN identifier o ON o.kind = i.kind AND o.value = i.value AND o.scope = i.scope AND o.may_link = 1
         WHERE o.fragment_id NOT IN (${LISTED})`,
      )
      .bind(ids),
    db
      .prepare(
        `DELETE FROM identifier WHERE (kind, value, scope, fragment_id) IN (
           SELECT c.value ->> 'kind', c.value ->> 'value', c.value ->> 'scope', c.value ->> 'fragmentId' FROM json_each(?1) c)`,
      )
      .bind(JSON.stringify(claims)),
    count(writing, 'identifier'),
    db
      .prepare(`INSERT INTO person_work (fragment_id, reason) SELECT value, 'label' FROM json_each(?1)`)
      .bind(JSON.stringify([...new Set(plan.claimants.map(({ fragmentId }) => fragmentId))])),
  ];
}

/** A record of which a part stays goes on under its id, led by another of its fragments where its own is gone. */
function successions({ db, plan }: Writing): D1PreparedStatement[] {
  const orphaned = JSON.stringify(plan.staying.filter(({ from, to }) => from !== to));
  return [
    db
      .prepare(
        `UPDATE fragment SET customer_id = s.value ->> 'to' FROM json_each(?1) s WHERE customer_id = s.value ->> 'from' AND fragment.id <> s.value ->> 'from'`,
      )
      .bind(orphaned),
    db
      .prepare(
        `UPDATE customer SET public_id = s.value ->> 'publicId' FROM json_each(?1) s WHERE customer.id = s.value ->> 'to'`,
      )
      .bind(orphaned),
    db
      .prepare(
        `INSERT INTO person_work (fragment_id, reason) SELECT f.id, 'place' FROM json_each(?1) s CROSS JOIN fragment f ON f.customer_id = s.value ->> 'to'`,
      )
      .bind(JSON.stringify(plan.staying)),
  ];
}

function numbers({ db, plan }: Writing): D1PreparedStatement[] {
  const ids = JSON.stringify([...plan.fragments.map(({ id }) => id), ...plan.staying.map(({ to }) => to)]);
  return [
    recountTouchpoints(LISTED),
    recountOrders(LISTED),
    renameCustomers(LISTED),
    restateCustomers(LISTED),
    ...reindexCustomers(LISTED),
  ].map((sql) => db.prepare(sql).bind(ids));
}

async function tombstones({ db, plan, hash, certificate, at }: Writing): Promise<D1PreparedStatement[]> {
  const hashes = await Promise.all([
    ...plan.values.map(({ kind, value, scope }) => hash('identifier', scope, kind, value)),
    ...plan.fragments.map(({ source_id, key }) => hash('fragment', source_id, key)),
  ]);
  return parts(hashes).map((list) =>
    db
      .prepare(
        `INSERT INTO tombstone (hash, erased_at, erasure_id) SELECT h.value, ?2, e.id FROM json_each(?1) h CROSS JOIN erasure e
         WHERE e.public_id = ?3 ON CONFLICT (hash) DO UPDATE SET erased_at = excluded.erased_at, erasure_id = excluded.erasure_id`,
      )
      .bind(list, at, certificate),
  );
}

/** All of it, as one batch that fails as a whole when news of the person has come since the plan was read. */
export async function erasureStatements(
  writing: Writing,
  certificate: D1PreparedStatement,
): Promise<D1PreparedStatement[]> {
  const { db, plan } = writing;
  const ids = JSON.stringify(plan.fragments.map(({ id }) => id));
  return [
    db
      .prepare(
        `INSERT INTO person_work (fragment_id, reason) SELECT NULL, '${ERASED_PERSON}' WHERE ${FINGERPRINT} <> ?2`,
      )
      .bind(ids, plan.fingerprint),
    certificate,
    tellOfErasure(db, ids, writing.certificate, writing.at),
    // The ledgers let go of rows of theirs, and of nobody else's, for as long as they stand here.
    db.prepare(`INSERT INTO erasing (fragment_id) ${LISTED}`).bind(ids),
    ...others(writing, ids),
    ...(await holdings(writing, ids)),
    db.prepare('DELETE FROM erasing'),
    ...(await keepRefusals(db, ids, plan.refusals, writing.hash, count(writing, 'kept_refusal'))),
    ...successions(writing),
    ...numbers(writing),
    ...(await tombstones(writing)),
  ];
}
