import { assuranceRank, GLOBAL_KINDS, type IdentifierInput } from '../../../schema/customer.ts';
import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import type { RefusedRow } from '../consent/kept.ts';
import { type Hasher, hasherOf } from './hashes.ts';

/**
 * Keeps the erased from coming back. What a batch of touchpoints is held against is the list of tombstones at some generation
 * (the greatest id of an erasure); the batch is written only if that is still the generation, so that no moment lies between.
 * While nobody was erased this costs nothing but that comparison.
 */
export type Generation = number;

/** What became of a list of touchpoints. */
export type Sifted = {
  readonly kept: readonly TouchpointInput[];
  /** Message ids of those that were of somebody erased: left out, or kept as figures. */
  readonly dropped: readonly string[];
  /** Addresses of those kept that must not be written to, since somebody erased said so. */
  readonly refused: readonly RefusedRow[];
  /** Something was left out or taken away. */
  readonly isChanged: boolean;
};

/** Touchpoints of one source with the moment that stands in for a missing time, epoch ms. */
export type ToSift = {
  readonly sourceId: number;
  readonly touchpoints: readonly TouchpointInput[];
  readonly receivedAt: number;
};

type Known = { readonly generation: Generation; readonly hasher: Hasher | null };
const NOBODY: Known = { generation: 0, hasher: null };
/** What this isolate last saw of a database. */
const known = new WeakMap<D1Database, Known>();

/** An SQL expression for the generation as it stands. */
export const GENERATION = '(SELECT coalesce(max(id), 0) FROM erasure)';

/** Looks up the generation anew, after a batch has failed for it or an erasure was done. */
export async function refreshGeneration(db: D1Database): Promise<void> {
  const row = await db
    .prepare(`SELECT ${GENERATION} AS generation, (SELECT key FROM erasure_key) AS key`)
    .first<{ generation: number; key: string | null }>();
  // A new hasher each time: what it remembers of values goes with it.
  known.set(db, { generation: row?.generation ?? 0, hasher: row?.key ? hasherOf(row.key) : null });
}

type Named = {
  readonly touchpoint: TouchpointInput;
  readonly sourceId: number;
  readonly at: number;
  readonly message: string;
  /** Ids by which an earlier version of ours knew it. */
  readonly former: readonly string[];
  readonly fragment: string;
  readonly identifiers: readonly {
    readonly identifier: IdentifierInput;
    readonly hash: string;
    readonly refusal: string | null;
  }[];
  readonly order: string | null;
};

const scopeOf = ({ kind }: IdentifierInput, sourceId: number): number => (GLOBAL_KINDS.includes(kind) ? 0 : sourceId);

/** Kinds of identifiers that people are written to by. */
const ADDRESSES: readonly string[] = ['email', 'phone'];

async function nameOf(t: TouchpointInput, { sourceId, receivedAt }: ToSift, hash: Hasher): Promise<Named> {
  const identifiers = t.person.identifiers.map(async (identifier) => ({
    identifier,
    hash: await hash('identifier', scopeOf(identifier, sourceId), identifier.kind, identifier.value),
    refusal: ADDRESSES.includes(identifier.kind) ? await hash('refusal', 0, identifier.kind, identifier.value) : null,
  }));
  return {
    touchpoint: t,
    sourceId,
    at: Math.min(t.occurredAt ?? receivedAt, receivedAt),
    message: await hash('message', sourceId, t.messageId),
    former: await Promise.all((t.formerIds ?? []).map((id) => hash('message', sourceId, id))),
    fragment: await hash('fragment', sourceId, t.person.key),
    identifiers: await Promise.all(identifiers),
    order: t.order ? await hash('order', sourceId, t.order.id) : null,
  };
}

type Found = {
  /** When the bearer of a hash was erased. */
  readonly erasedAt: ReadonlyMap<string, number>;
  /** Messages, by source and hash, that an erasure has left as figures. */
  readonly messages: ReadonlySet<string>;
  /** The fragment that holds what is left of an order, by source and hash. */
  readonly orders: ReadonlyMap<string, string>;
  /** Hashes of addresses that must not be written to. */
  readonly refused: ReadonlySet<string>;
};

const placed = (sourceId: number, hash: string): string => `${sourceId} ${hash}`;

async function lookUp(db: D1Database, all: readonly Named[]): Promise<Found & { readonly generation: Generation }> {
  const hashes = new Set(all.flatMap((n) => [n.fragment, ...n.identifiers.map(({ hash }) => hash)]));
  const pairs = (of: (named: Named) => readonly (string | null)[]) =>
    JSON.stringify(all.flatMap((n) => of(n).flatMap((hash) => (hash === null ? [] : [{ source: n.sourceId, hash }]))));
  const refusals = all.flatMap((n) => n.identifiers.flatMap(({ refusal }) => (refusal === null ? [] : [refusal])));
  const [state, stones, messages, orders, refused] = await db.batch([
    db.prepare(`SELECT ${GENERATION} AS generation`),
    db
      .prepare('SELECT t.hash, t.erased_at FROM json_each(?1) h CROSS JOIN tombstone t ON t.hash = h.value')
      .bind(JSON.stringify([...hashes])),
    db
      .prepare(
        `SELECT t.source_id, t.message_id AS hash FROM json_each(?1) m
         CROSS JOIN touchpoint t ON t.source_id = m.value ->> 'source' AND t.message_id = m.value ->> 'hash'`,
      )
      .bind(pairs(({ message, former }) => [message, ...former])),
    db
      .prepare(
        `SELECT o.source_id, o.external_id AS hash, f.key FROM json_each(?1) m
         CROSS JOIN orders o ON o.source_id = m.value ->> 'source' AND o.external_id = m.value ->> 'hash'
         CROSS JOIN fragment f ON f.id = o.fragment_id`,
      )
      .bind(pairs(({ order }) => [order])),
    db
      .prepare(
        'SELECT h.value AS hash FROM json_each(?1) h WHERE EXISTS (SELECT 1 FROM kept_refusal k WHERE k.hash = h.value)',
      )
      .bind(JSON.stringify([...new Set(refusals)])),
  ]);
  type Placed = { source_id: number; hash: string };
  const rows = <Row>(result: D1Result | undefined) => (result?.results ?? []) as Row[];
  return {
    generation: rows<{ generation: number }>(state)[0]?.generation ?? 0,
    erasedAt: new Map(rows<{ hash: string; erased_at: number }>(stones).map((row) => [row.hash, row.erased_at])),
    messages: new Set(rows<Placed>(messages).map((row) => placed(row.source_id, row.hash))),
    orders: new Map(rows<Placed & { key: string }>(orders).map((row) => [placed(row.source_id, row.hash), row.key])),
    refused: new Set(rows<{ hash: string }>(refused).map(({ hash }) => hash)),
  };
}

/**
 * When the person of a touchpoint was erased; null for somebody else. They are told by the key their source knows them by, by an
 * identifier that is more than claimed, or by claims where nothing else names them. Of values only what the erased had proven is
 * looked for: what they merely claimed may be anybody's, and keeps nobody's history out.
 */
function erasedAt({ fragment, identifiers }: Named, found: Found): number | null {
  const marks = identifiers.map(({ identifier, hash }) => ({ identifier, at: found.erasedAt.get(hash) ?? null }));
  const isOnlyThem = marks.every(({ identifier, at }) => at !== null || identifier.kind === 'anonymous_id');
  const times = [
    found.erasedAt.get(fragment) ?? null,
    ...marks.flatMap(({ identifier, at }) => (identifier.assurance !== 'claimed' || isOnlyThem ? [at] : [])),
  ].filter((at) => at !== null);
  return times.length > 0 ? Math.max(...times) : null;
}

/** News of an order whose person was erased: the figures of it, and nothing of the person. */
async function figuresOf(named: Named, fragmentKey: string, hash: Hasher): Promise<TouchpointInput> {
  const { touchpoint: t, sourceId, message } = named;
  const { kind, channel, direction, initiator, occurredAt, value = null, order } = t;
  const about = { kind, channel, direction, initiator, occurredAt, value };
  const person = { key: fragmentKey, identifiers: [] };
  if (!order || !named.order) return { ...about, messageId: message, person };
  const refunds = (order.refunds ?? []).map(async ({ id, amount }) => ({
    id: await hash('refund', sourceId, order.id, id),
    amount,
  }));
  const { lines: _lines, number: _number, ...figures } = order;
  return {
    ...about,
    messageId: message,
    person,
    order: { ...figures, id: named.order, refunds: await Promise.all(refunds) },
  };
}

/** Takes from somebody else what they merely claimed of an address of the erased, when it is from before. */
function withoutClaims({ touchpoint, identifiers, at }: Named, found: Found): TouchpointInput {
  const kept = identifiers.filter(({ hash }) => at > (found.erasedAt.get(hash) ?? -1));
  if (kept.length === identifiers.length) return touchpoint;
  return { ...touchpoint, person: { ...touchpoint.person, identifiers: kept.map(({ identifier }) => identifier) } };
}

/** What is left of a touchpoint's addresses that must not be written to. */
const refusedOf = ({ identifiers }: Named, { messageId, person }: TouchpointInput, { refused }: Found): RefusedRow[] =>
  identifiers.flatMap(({ identifier, refusal }) =>
    refusal !== null && refused.has(refusal) && person.identifiers.includes(identifier)
      ? [
          {
            message: messageId,
            kind: identifier.kind,
            address: identifier.value,
            hash: refusal,
            assurance: assuranceRank(identifier.assurance),
          },
        ]
      : [],
  );

async function judge(named: Named, found: Found, hash: Hasher): Promise<TouchpointInput | null> {
  if ([named.message, ...named.former].some((hash) => found.messages.has(placed(named.sourceId, hash)))) return null;
  const at = erasedAt(named, found);
  if (at !== null && named.at <= at) return null;
  const left = named.order === null ? undefined : found.orders.get(placed(named.sourceId, named.order));
  return left === undefined ? withoutClaims(named, found) : figuresOf(named, left, hash);
}

/**
 * Sifts touchpoints by what this isolate knows of erasures. The answer holds for the generation it comes with, and is to be written
 * on that.
 */
export async function sift(
  db: D1Database,
  works: readonly ToSift[],
): Promise<{ readonly sifted: readonly Sifted[]; readonly generation: Generation }> {
  const { generation, hasher } = known.get(db) ?? NOBODY;
  if (generation === 0 || !hasher)
    return {
      sifted: works.map(({ touchpoints }) => ({ kept: touchpoints, dropped: [], refused: [], isChanged: false })),
      generation: 0,
    };
  const named = await Promise.all(
    works.map((work) => Promise.all(work.touchpoints.map((t) => nameOf(t, work, hasher)))),
  );
  const found = await lookUp(db, named.flat());
  const sifted = await Promise.all(
    named.map(async (list) => {
      const judged = await Promise.all(list.map(async (one) => ({ one, now: await judge(one, found, hasher) })));
      return {
        kept: judged.flatMap(({ now }) => (now ? [now] : [])),
        dropped: judged.flatMap(({ one, now }) => (now === one.touchpoint ? [] : [one.touchpoint.messageId])),
        refused: judged.flatMap(({ one, now }) => (now ? refusedOf(one, now, found) : [])),
        isChanged: judged.some(({ one, now }) => now !== one.touchpoint),
      };
    }),
  );
  return { sifted, generation: found.generation };
}

/** True when touchpoints that were never written hold something of a person who was erased since. */
export async function concernsErased(db: D1Database, work: ToSift): Promise<boolean> {
  await refreshGeneration(db);
  const { sifted } = await sift(db, [work]);
  return sifted.some(({ isChanged }) => isChanged);
}
