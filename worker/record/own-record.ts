import { readConsent } from './consent/ledger.ts';
import { type Standing, type StandingRow, standingOf, standingOver } from './consent/standing.ts';
import { customFields } from './customer/custom-fields.ts';
import { identifiers } from './customer/identifiers.ts';
import { orders } from './customer/orders.ts';
import { CUSTOMER, type Part } from './customer/part.ts';
import { profile } from './customer/profile.ts';
import { said } from './customer/said.ts';
import { scores } from './customer/scores.ts';
import { type CustomerRecord, readCustomer } from './customer.ts';
import { latestOwnWords, type OwnWords } from './own-words.ts';

/** What somebody is shown of themselves: their record, or the part of it that is proven theirs. */
export type OwnRecord = Pick<
  CustomerRecord,
  'displayName' | 'identifiers' | 'profile' | 'orders' | 'scores' | 'customFields' | 'said' | 'stage' | 'groups'
> & {
  readonly stats: Omit<CustomerRecord['stats'], 'revenue'>;
  readonly standing: readonly Standing[];
  /** The latest they wrote, newest first. */
  readonly words: readonly OwnWords[];
};

/** Somebody's record: the public id, the internal one, and their fragments where not all of it is theirs. */
export type Whose = { readonly publicId: string; readonly customer: number; readonly part: readonly number[] | null };

const LISTED = 'SELECT value AS id FROM json_each(?1)';
/** A statement of a part of the record, over the fragments in ?1 and not over all that a customer has. */
const overFragments = (sql: string): string =>
  sql.replaceAll(`f.customer_id = ${CUSTOMER}`, `f.id IN (SELECT value FROM json_each(?1))`);

const STATS = `SELECT (SELECT count(*) FROM orders o WHERE o.counts = 1 AND o.fragment_id IN (${LISTED})) AS orders,
  count(*) AS touchpoints, min(t.occurred_at) AS firstTouchpointAt, max(t.occurred_at) AS lastTouchpointAt
  FROM touchpoint t WHERE t.fragment_id IN (${LISTED})`;

const NOBODYS_GROUPS = { organisations: [], households: [], hints: [] };

async function readPart(db: D1Database, fragmentIds: readonly number[], words: number): Promise<OwnRecord> {
  const ids = JSON.stringify(fragmentIds);
  const asked = { publicId: ids, at: null };
  const parts = { identifiers, profile, orders, scores, customFields, said } as const;
  const all: readonly Part<unknown>[] = Object.values(parts);
  const [stats, standing, ...results] = await db.batch(
    [STATS, standingOver(LISTED), ...all.flatMap(({ now }) => now.map(overFragments))].map((sql) =>
      db.prepare(sql).bind(ids),
    ),
  );
  const readOf = <Value>(part: Part<Value>): Value => {
    const before = all.slice(0, all.indexOf(part)).reduce((sum, { now }) => sum + now.length, 0);
    return part.read(results.slice(before, before + part.now.length), asked);
  };
  const known = readOf(profile);
  const [row] = (stats?.results ?? []) as OwnRecord['stats'][];
  return {
    displayName: known.name?.value ?? null,
    identifiers: readOf(identifiers),
    profile: known,
    orders: readOf(orders),
    scores: readOf(scores),
    customFields: readOf(customFields),
    said: readOf(said),
    // How the business sees the relationship, and whom they belong to, was worked out over all of the record.
    stage: null,
    groups: NOBODYS_GROUPS,
    stats: row ?? { orders: 0, touchpoints: 0, firstTouchpointAt: null, lastTouchpointAt: null },
    standing: ((standing?.results ?? []) as StandingRow[]).map(standingOf),
    words: await latestOwnWords(db, LISTED, ids, words),
  };
}

/** What somebody is shown of themselves, with so many of their words. Null when there is no such customer. */
export async function readOwn(
  db: D1Database,
  { publicId, customer, part }: Whose,
  words: number,
): Promise<OwnRecord | null> {
  if (part !== null) return readPart(db, part, words);
  const [record, standing, latest] = await Promise.all([
    readCustomer(db, publicId, { limit: 1, offset: 0 }),
    readConsent(db, customer),
    latestOwnWords(db, 'SELECT f.id FROM fragment f WHERE f.customer_id = ?1', customer, words),
  ]);
  return record && { ...record, standing, words: latest };
}
