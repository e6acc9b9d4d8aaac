import type { Clock } from '../../worker/platform/clock.ts';
import { append, appendTogether } from '../../worker/record/append.ts';
import { type CustomerRecord, readCustomer } from '../../worker/record/customer.ts';
import { type CustomerFilter, type CustomerItem, listCustomers } from '../../worker/record/customers.ts';
import type { Rule } from '../../worker/record/segments/rule.ts';
import type { Fact } from './world.ts';
import { FIRST_DAY, touchpointOf } from './world.ts';

/** The record's own code on a D1 of the test: who writes a world, and what then stands there. */

/** A clock that stands still, so that nothing depends on when a test runs. Ids count up. */
export function stillClock(now = FIRST_DAY + 400 * 24 * 3600 * 1000): Clock {
  let count = 0;
  return { now: () => now, uuid: () => crypto.randomUUID(), deliveryId: () => now * 2048 + nextDelivery(count++) };
}
// Worlds share one database, so that delivery ids go on counting from world to world.
let deliveries = 0;
const nextDelivery = (_own: number): number => deliveries++;

export type World = { readonly salt: string; readonly sources: Readonly<Record<Fact['source'], number>> };

let worlds = 0;

/** Three sources of their own and addresses that no other world has. */
export async function makeWorld(db: D1Database): Promise<World> {
  const salt = `w${worlds++}w`;
  const made = await db.batch<{ id: number }>(
    ['shop', 'server', 'site'].map((name) =>
      db
        .prepare(
          `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at) VALUES (?1, 'standard_webhooks', ?2, ?1, '[]', '{}', 0) RETURNING id`,
        )
        .bind(`${name}-${salt}-${crypto.randomUUID()}`, name),
    ),
  );
  const [shop = 0, server = 0, site = 0] = made.map(({ results }) => results[0]?.id ?? 0);
  return { salt, sources: { shop, server, site } };
}

/**
 * Writes facts in the order given, in batches of the sizes given (what is left goes one by one): by turns as many deliveries
 * of all sources that waited, and as one delivery of each source.
 */
export async function writeFacts(
  db: D1Database,
  world: World,
  facts: readonly (Fact & { readonly index: number })[],
  sizes: readonly number[] = [],
): Promise<void> {
  const clock = stillClock();
  const rest = [...facts];
  for (let step = 0; rest.length > 0; step++) {
    const batch = rest.splice(0, sizes[step] ?? 1);
    if (step % 2 === 0) {
      const works = batch.map((f) => ({
        sourceId: world.sources[f.source],
        touchpoints: [touchpointOf(f, f.index, world.salt)],
        body: null,
        receivedAt: clock.now(),
      }));
      await appendTogether(db, clock, works);
      continue;
    }
    for (const [name, sourceId] of Object.entries(world.sources)) {
      const touchpoints = batch.filter((f) => f.source === name).map((f) => touchpointOf(f, f.index, world.salt));
      if (touchpoints.length > 0) await append(db, clock, { sourceId, touchpoints });
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorted = <T>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));

type FragmentRow = { id: string; name: string; customer: string; is_contested: number };

const FRAGMENTS = `SELECT c.public_id AS id, s.name || ' ' || f.key AS name, r.public_id AS customer, f.is_contested
  FROM fragment f JOIN customer c ON c.id = f.id JOIN customer r ON r.id = f.customer_id JOIN source s ON s.id = f.source_id
  WHERE f.source_id IN (SELECT value FROM json_each(?1)) ORDER BY name`;

/**
 * Every record of a world as text. A customer is told by all the fragments it holds, since which of its ids leads is a matter of
 * time; what depends on arrival alone is left out.
 */
export async function recordsOf(db: D1Database, world: World): Promise<string> {
  const { results: fragments } = await db
    .prepare(FRAGMENTS)
    .bind(JSON.stringify(Object.values(world.sources)))
    .all<FragmentRow>();
  const customerOf = new Map(fragments.map(({ id, customer }) => [id, customer]));
  const nameOf = (id: string): string => {
    const own = fragments.filter(({ customer }) => customer === (customerOf.get(id) ?? id));
    return own.length > 0 ? own.map(({ name }) => name).join(' + ') : `a stranger's ${id}`;
  };
  const roots = [...new Set(fragments.map(({ customer }) => customer))];
  const records = await Promise.all(roots.map((id) => readCustomer(db, id, { limit: 100, offset: 0 })));
  const shown = records.map((record) => {
    if (!record) throw new Error('a customer of a fragment has no record');
    return shownOf(record, nameOf, fragments);
  });
  const contested = fragments.filter((f) => f.is_contested).map(({ name }) => name);
  return JSON.stringify({ records: sorted(shown), contested }, null, 1).replaceAll(world.salt, 'SALT');
}

/**
 * What is to be read of a world as it stands, for comparing it with itself: the whole record under each id there is, and what the
 * list, a search and a segment answer, in their order. Which id leads, its name and what it waits for are part of it.
 */
export async function exactlyOf(db: D1Database, world: World, rule: Rule): Promise<string> {
  const { results: fragments } = await db
    .prepare(FRAGMENTS)
    .bind(JSON.stringify(Object.values(world.sources)))
    .all<FragmentRow>();
  const ids = new Set(fragments.map(({ id }) => id));
  const read = await Promise.all([...ids].map((id) => readCustomer(db, id, { limit: 100, offset: 0 })));
  // What is suggested stands in the order it was found in, which a decision and its taking back may change.
  const records = read.map((record) => record && { ...record, suggestions: sorted(record.suggestions) });
  const filters = [{}, { q: world.salt }, { among: { rule, now: stillClock().now() } }];
  const lists = await Promise.all(filters.map((filter) => listedOf(db, filter, ids)));
  return JSON.stringify({ fragments, records, lists }, null, 1);
}

/** Those of a list that are of a world, though it is read page by page. */
async function listedOf(db: D1Database, filter: Omit<CustomerFilter, 'limit'>, ids: ReadonlySet<string>) {
  const items: CustomerItem[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await listCustomers(db, { ...filter, limit: 200, ...(cursor && { cursor }) });
    items.push(...(page?.items ?? []).filter(({ id }) => ids.has(id)));
    cursor = page?.nextCursor ?? null;
  }
  return items;
}

function shownOf(record: CustomerRecord, nameOf: (id: string) => string, fragments: readonly FragmentRow[]) {
  // Stages are worked out by a follower: relationships.ts compares those.
  const { key: _key, id, createdAt: _createdAt, attention: _attention, stages: _stages, ...rest } = record;
  const ids = [id, ...record.formerIds];
  return {
    ...rest,
    id: nameOf(id),
    formerIds: fragments.filter((fragment) => ids.includes(fragment.id)).map(({ name }) => name),
    identifiers: sorted(record.identifiers.map(({ sourceId: _id, ...identifier }) => identifier)),
    suggestions: sorted(
      record.suggestions.map((s) => ({ ...s, customerId: nameOf(s.customerId), reason: withoutScope(s.reason) })),
    ),
    timeline: sorted(
      record.timeline.map(({ id: _id, seq: _seq, receivedAt: _at, sourceId: _source, ...touchpoint }) => ({
        ...touchpoint,
        customerId: nameOf(touchpoint.customerId),
      })),
    ),
  };
}

/** A namespace is `kind@source`, and sources have other numbers in another world. */
const withoutScope = <T extends object>(reason: T): T =>
  'namespace' in reason ? { ...reason, namespace: String(reason.namespace).replace(/\d+$/, '') } : reason;
