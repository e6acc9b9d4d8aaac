import { comingDays, daysUntil, yearsAt } from '../../schema/occasion.ts';
import type { Word } from './customer/said.ts';
import { stands } from './standing.ts';

/** A day of the year that matters to somebody. */
export type Occasion = {
  /** `birthday`, or whatever staff call it. */
  readonly what: string;
  /** `03-14`, or `1980-03-14` with its year. */
  readonly day: string;
  /** Days until it comes round; 0 for today. */
  readonly inDays: number;
  /** How many years it will then be; null where that is not known. */
  readonly years: number | null;
  /** It follows from the record; nobody has to say it. */
  readonly isDerived: boolean;
};

/** What the day of the first order is called. */
export const FIRST_ORDER = 'first order';
const PREFIX = 'occasion:';

function occasionOf(what: string, day: string, isDerived: boolean, now: number): Occasion {
  return { what, day, inDays: daysUntil(day, now), years: yearsAt(day, now), isDerived };
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The occasions of a record, the next one first. What staff say stands over what follows from it. */
export function occasionsOf(
  { said, firstOrderAt }: { readonly said: readonly Word[]; readonly firstOrderAt: number | null },
  now: number,
): Occasion[] {
  const told = said
    .filter(({ field }) => field.startsWith(PREFIX))
    .map(({ field, value }) => occasionOf(field.slice(PREFIX.length), value, false, now));
  const derived =
    firstOrderAt === null || told.some(({ what }) => what === FIRST_ORDER)
      ? []
      : [occasionOf(FIRST_ORDER, dayOf(firstOrderAt), true, now)];
  return [...told, ...derived].sort((a, b) => a.inDays - b.inDays || (a.what < b.what ? -1 : 1));
}

/**
 * Occasions `e` that staff have written down and that stand, of fragments `f`, by the day of the year that the SQL expression gives.
 * By an index of such days: those of other days are not read.
 */
export const saidOn = (day: string): string =>
  `edit e INDEXED BY edit_by_day CROSS JOIN fragment f ON f.id = e.fragment_id AND substr(e.value, -5) = ${day}
   AND e.field >= '${PREFIX}' AND e.field < 'occasion;' AND e.is_over = 0 AND ${stands('f.customer_id')}`;

const SAYS_FIRST_ORDER = `EXISTS (SELECT 1 FROM fragment g CROSS JOIN edit e ON e.fragment_id = g.id AND e.field = '${PREFIX}${FIRST_ORDER}'
  WHERE g.customer_id = f.customer_id AND ${stands('f.customer_id')})`;

/**
 * First orders `o` that count, of fragments `f`, by the day of the year that the SQL expression gives, placed before a moment: on the day
 * itself nothing comes round. What staff say of the first order stands over it.
 */
export const firstOrdersOn = (day: string, before: string): string =>
  `orders o INDEXED BY orders_by_day CROSS JOIN fragment f ON f.id = o.fragment_id
     AND strftime('%m-%d', o.placed_at / 1000, 'unixepoch') = ${day} AND o.placed_at IS NOT NULL AND o.counts = 1 AND o.placed_at < ${before}
     AND NOT EXISTS (SELECT 1 FROM fragment g CROSS JOIN orders r ON r.fragment_id = g.id AND r.counts = 1 AND r.placed_at < o.placed_at
       WHERE g.customer_id = f.customer_id) AND NOT ${SAYS_FIRST_ORDER}`;

export type ComingOccasion = Occasion & { readonly customerId: string; readonly customerName: string | null };

const IS_SHOWN = 'c.id = f.customer_id AND c.is_known = 1';
/** A day at a time, so that of many people on one day only as many are read as are shown. */
const SAID = `SELECT substr(e.field, ${PREFIX.length + 1}) AS what, e.value AS day, NULL AS placed, c.public_id AS id, c.display_name AS name
  FROM ${saidOn('?1')} CROSS JOIN customer c ON ${IS_SHOWN} ORDER BY e.fragment_id LIMIT ?2`;
const FIRST = `SELECT '${FIRST_ORDER}' AS what, NULL AS day, o.placed_at AS placed, c.public_id AS id, c.display_name AS name
  FROM ${firstOrdersOn('?1', '?3')} CROSS JOIN customer c ON ${IS_SHOWN} ORDER BY o.fragment_id LIMIT ?2`;

type Row = { what: string; day: string | null; placed: number | null; id: string; name: string | null };

const DAY_MS = 24 * 3600 * 1000;
const startOfDay = (now: number): number => Math.floor(now / DAY_MS) * DAY_MS;

function comingOf({ what, day, placed, id, name }: Row, now: number): ComingOccasion {
  const occasion =
    placed === null ? occasionOf(what, day ?? '', false, now) : occasionOf(what, dayOf(placed), true, now);
  return { ...occasion, customerId: id, customerName: name };
}

/**
 * What comes round within so many days, at most so many of each day: occasions that staff have written down, then first orders, the next
 * one first.
 */
export async function comingOccasions(
  db: D1Database,
  now: number,
  { days, ofDay }: { readonly days: number; readonly ofDay: number },
): Promise<ComingOccasion[]> {
  const list = comingDays(now, days);
  const results = await db.batch<Row>([
    ...list.map((day) => db.prepare(SAID).bind(day, ofDay)),
    ...list.map((day) => db.prepare(FIRST).bind(day, ofDay, startOfDay(now))),
  ]);
  const rows = results.flatMap(({ results: found }) => found);
  // Two first orders of one moment are one anniversary.
  const one = new Map(rows.map((row) => [`${row.id} ${row.what}`, row]));
  return [...one.values()]
    .map((row) => comingOf(row, now))
    .sort((a, b) => a.inDays - b.inDays || Number(a.isDerived) - Number(b.isDerived));
}
