import type { Money } from '../../schema/money.ts';
import type { Json } from '../../schema/touchpoint.ts';
import { parseStored } from '../platform/json.ts';
import { decodeCursor, type Page, pageOf } from '../platform/page.ts';

/** A touchpoint as the API and the pages show it. */
export type Touchpoint = {
  readonly id: string;
  readonly seq: number;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly messageId: string;
  readonly kind: string;
  readonly channel: string;
  readonly direction: string;
  readonly initiator: string;
  readonly phase: string | null;
  readonly handler: string | null;
  readonly purpose: string | null;
  /** Epoch ms. */
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly subject: string | null;
  readonly value: Money | null;
  readonly cost: Money | null;
  readonly score: number | null;
  readonly text: string | null;
  readonly data: Readonly<Record<string, Json>>;
};

type TouchpointRow = {
  seq: number;
  customer_public_id: string;
  customer_name: string | null;
  source_public_id: string;
  source_name: string;
  message_id: string;
  kind: string;
  channel: string;
  direction: string;
  initiator: string;
  phase: string | null;
  handler: string | null;
  purpose: string | null;
  occurred_at: number;
  received_at: number;
  subject: string | null;
  value_minor: number | null;
  currency: string | null;
  cost_minor: number | null;
  cost_currency: string | null;
  score: number | null;
  text: string | null;
  data: string | null;
};

const moneyOf = (amountMinor: number | null, currency: string | null): Money | null =>
  amountMinor === null || currency === null ? null : { amountMinor, currency };

/** Public id of a touchpoint: its place in the log. Known only to those who may read them all. */
export const touchpointId = (seq: number): string => `tp_${seq}`;

/** The place in the log that a public id names, null for a malformed one. */
export const touchpointSeq = (id: string): number | null => (/^tp_\d{1,15}$/.test(id) ? Number(id.slice(3)) : null);

export const touchpointOf = (row: TouchpointRow): Touchpoint => ({
  id: touchpointId(row.seq),
  seq: row.seq,
  customerId: row.customer_public_id,
  customerName: row.customer_name,
  sourceId: row.source_public_id,
  sourceName: row.source_name,
  messageId: row.message_id,
  kind: row.kind,
  channel: row.channel,
  direction: row.direction,
  initiator: row.initiator,
  phase: row.phase,
  handler: row.handler,
  purpose: row.purpose,
  occurredAt: row.occurred_at,
  receivedAt: row.received_at,
  subject: row.subject,
  value: moneyOf(row.value_minor, row.currency),
  cost: moneyOf(row.cost_minor, row.cost_currency),
  score: row.score,
  text: row.text,
  data: parseStored<Record<string, Json>>(row.data, {}),
});

/** Touchpoints `t` with the names of whose and whence they are. */
export const SELECT_TOUCHPOINTS = `SELECT t.*, c.public_id AS customer_public_id, c.display_name AS customer_name,
    s.public_id AS source_public_id, s.name AS source_name
  FROM touchpoint t
  JOIN fragment f ON f.id = t.fragment_id JOIN customer c ON c.id = f.customer_id JOIN source s ON s.id = t.source_id`;

/** Touchpoints whose `seq` a select gives, latest received first. */
export async function readTouchpoints(
  db: D1Database,
  select: string,
  values: readonly (string | number | null)[],
): Promise<Touchpoint[]> {
  const { results } = await db
    .prepare(`${SELECT_TOUCHPOINTS} WHERE t.seq IN (${select}) ORDER BY t.seq DESC`)
    .bind(...values)
    .all<TouchpointRow>();
  return results.map(touchpointOf);
}

export type TouchpointFilter = {
  /** Internal id of a customer. */
  readonly customer?: number;
  readonly kind?: string;
  /** Internal id of a source. */
  readonly source?: number;
  /** Bounds of occurredAt, epoch ms, `from` included. */
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly cursor?: string;
};

/** Touchpoints, latest received first. Null when the cursor is none of ours. */
export async function listTouchpoints(db: D1Database, filter: TouchpointFilter): Promise<Page<Touchpoint> | null> {
  const before = filter.cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(filter.cursor, 1);
  if (!before) return null;
  // Of a customer by the index of their fragments, of everybody along the log.
  const seen =
    filter.customer === undefined
      ? 'touchpoint x WHERE ?2 IS NULL'
      : 'fragment g CROSS JOIN touchpoint x ON x.fragment_id = g.id WHERE g.customer_id = ?2';
  const { results } = await db
    .prepare(
      `${SELECT_TOUCHPOINTS} WHERE t.seq IN (
         SELECT x.seq FROM ${seen} AND x.seq < ?1
           AND (?3 IS NULL OR x.kind = ?3) AND (?4 IS NULL OR x.source_id = ?4)
           AND (?5 IS NULL OR x.occurred_at >= ?5) AND (?6 IS NULL OR x.occurred_at < ?6)
         ORDER BY x.seq DESC LIMIT ?7)
       ORDER BY t.seq DESC`,
    )
    .bind(
      before[0] ?? 0,
      filter.customer ?? null,
      filter.kind ?? null,
      filter.source ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.limit + 1,
    )
    .all<TouchpointRow>();
  return pageOf(results, filter.limit, (row) => [row.seq], touchpointOf);
}

/** Where a page of a timeline begins: with what happened before (`older`) or after (`newer`) one touchpoint. It stays there, whatever comes. */
export type Place = {
  readonly to: 'older' | 'newer';
  /** Of that touchpoint, epoch ms. */
  readonly at: number;
  readonly seq: number;
};

/** A place as addresses of pages have it: `1767225600000-17`. */
export const placeKey = ({ occurredAt, seq }: Pick<Touchpoint, 'occurredAt' | 'seq'>): string => `${occurredAt}-${seq}`;

/** The place that such a text names; null for any other. */
export function placeOf(to: Place['to'], key: string | null): Place | null {
  const [, at, seq] = /^(-?\d{1,15})-(\d{1,15})$/.exec(key ?? '') ?? [];
  return at && seq ? { to, at: Number(at), seq: Number(seq) } : null;
}

/** The condition over `x` that a place means; `at` and `seq` are SQL. */
export const beyond = ({ to }: Place, at: string, seq: string): string =>
  `(x.occurred_at, x.seq) ${to === 'older' ? '<' : '>'} (${at}, ${seq})`;

/** A page of a timeline, latest happened first. */
export type TimelinePage = {
  readonly timeline: readonly Touchpoint[];
  /** There are older things. */
  readonly hasMore: boolean;
  readonly hasNewer: boolean;
};
export type TimelinePart = { readonly limit: number; readonly offset: number; readonly place?: Place | null };

/** What is shown of the rows of a page that were read with one more. On the way to newer things that one comes first. */
export function cutOf(rows: readonly TouchpointRow[], { place, limit, offset }: TimelinePart): TimelinePage {
  const isMore = rows.length > limit;
  if (place?.to === 'newer')
    return { timeline: rows.slice(isMore ? 1 : 0).map(touchpointOf), hasMore: true, hasNewer: isMore };
  return {
    timeline: rows.slice(0, limit).map(touchpointOf),
    hasMore: isMore,
    hasNewer: place != null || offset > 0,
  };
}

/** What is newer does not fill a page: the first page is to be shown instead. */
export const isAtTop = (rows: readonly TouchpointRow[], { place, limit }: TimelinePart): boolean =>
  place?.to === 'newer' && rows.length <= limit;

/**
 * A customer's touchpoints, latest happened first: the statement of the record page. Of each fragment only the latest `reach` are
 * looked at, by the index and backwards, so that a page costs what it shows and not what there is; `isForwards`: the earliest of those
 * that the conditions leave. `customer` is an SQL expression, as are `reach` (limit and offset together), `limit` and `offset`; conditions
 * speak of `x`.
 */
export function timelineStatement(
  customer: string,
  conditions: readonly string[],
  page: { readonly reach: string; readonly limit: string; readonly offset: string; readonly isForwards?: boolean },
): string {
  const way = page.isForwards ? 'ASC' : 'DESC';
  return `${SELECT_TOUCHPOINTS} WHERE t.seq IN (
     SELECT y.seq FROM fragment g CROSS JOIN touchpoint y ON y.seq IN (
       SELECT x.seq FROM touchpoint x WHERE ${['x.fragment_id = g.id', ...conditions].join(' AND ')}
       ORDER BY x.occurred_at ${way}, x.seq ${way} LIMIT ${page.reach})
     WHERE g.customer_id = ${customer} ORDER BY y.occurred_at ${way}, y.seq ${way} LIMIT ${page.limit} OFFSET ${page.offset})
   ORDER BY t.occurred_at DESC, t.seq DESC`;
}

/** One touchpoint by its place in the log, with the delivery that brought it. */
export async function readTouchpoint(
  db: D1Database,
  seq: number,
): Promise<{ touchpoint: Touchpoint; deliveryId: number } | null> {
  const row = await db
    .prepare(`${SELECT_TOUCHPOINTS} WHERE t.seq = ?1`)
    .bind(seq)
    .first<TouchpointRow & { delivery_id: number }>();
  return row ? { touchpoint: touchpointOf(row), deliveryId: row.delivery_id } : null;
}

export type { TouchpointRow };
