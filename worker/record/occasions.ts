import { comingDays, daysUntil, yearsAt } from '../../schema/occasion.ts';
import type { Word } from './customer/said.ts';

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
      : [occasionOf(FIRST_ORDER, new Date(firstOrderAt).toISOString().slice(0, 10), true, now)];
  return [...told, ...derived].sort((a, b) => a.inDays - b.inDays || (a.what < b.what ? -1 : 1));
}

export type ComingOccasion = Occasion & { readonly customerId: string; readonly customerName: string | null };

/** By an index over fields and values, which holds all that is needed: other edits are not read. */
const COMING = `SELECT e.field, e.value, c.public_id AS id, c.display_name AS name
  FROM edit e INDEXED BY edit_by_value CROSS JOIN fragment f ON f.id = e.fragment_id CROSS JOIN customer c ON c.id = f.customer_id
  WHERE e.field >= '${PREFIX}' AND e.field < 'occasion;' AND substr(e.value, -5) IN (SELECT value FROM json_each(?1))
    AND e.is_over = 0 AND NOT EXISTS (
      SELECT 1 FROM fragment g CROSS JOIN edit n ON n.fragment_id = g.id AND n.field = e.field AND n.is_over = 0
      WHERE g.customer_id = f.customer_id AND (n.at, n.id) > (e.at, e.id))
  ORDER BY c.id LIMIT 500`;

/** Occasions that staff have written down and that come round within so many days, the next one first. */
export async function comingOccasions(
  db: D1Database,
  now: number,
  days: number,
  limit: number,
): Promise<ComingOccasion[]> {
  const { results } = await db
    .prepare(COMING)
    .bind(JSON.stringify(comingDays(now, days)))
    .all<{ field: string; value: string; id: string; name: string | null }>();
  return results
    .map(({ field, value, id, name }) => ({
      ...occasionOf(field.slice(PREFIX.length), value, false, now),
      customerId: id,
      customerName: name,
    }))
    .sort((a, b) => a.inDays - b.inDays)
    .slice(0, limit);
}
