import { valueFor } from '../../../schema/told-value.ts';
import { type FieldRow, fieldOf } from '../custom-fields.ts';
import { CUSTOMER } from '../customer/part.ts';
import { TOLD, toldOf } from './told.ts';

/**
 * What sources had told of the fields of the business by a past moment, read off the touchpoints themselves: what is kept is only the
 * latest. Whom nothing was told of by then has nothing.
 */
export const TOLD_BY_THEN = `SELECT t.seq, t.fragment_id AS fragment, ${TOLD} AS told, t.assurance, t.occurred_at AS at,
    s.id AS source, s.name AS source_name
  FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id AND t.occurred_at <= ?2 AND t.assurance IS NOT NULL
  CROSS JOIN source s ON s.id = f.source_id
  WHERE f.customer_id = ${CUSTOMER} AND EXISTS (SELECT 1 FROM custom_field WHERE filled_from <> '[]')`;

export const FILLED_FIELDS = `SELECT * FROM custom_field WHERE filled_from <> '[]' AND ?1 IS NOT NULL AND ?2 IS NOT NULL`;

export type TellingRow = {
  seq: number;
  fragment: number;
  told: string;
  assurance: number;
  at: number;
  source: number;
  source_name: string;
};
/** As `profile` would have kept it. */
export type OwnRow = Pick<TellingRow, 'assurance' | 'at' | 'source' | 'source_name'> & { field: string; value: string };

const order = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
const better = (a: OwnRow, b: OwnRow): number => b.assurance - a.assurance || b.at - a.at;

/** One value a fragment and field, the best first. A field that is not filled so far yet has no more than is kept of it now. */
export function ownThen(rows: readonly TellingRow[], fields: readonly FieldRow[]): OwnRow[] {
  const held = new Map<string, OwnRow>();
  for (const row of rows) {
    const told = toldOf(row.told);
    for (const field of fields) {
      const value = row.seq <= field.filled_to ? valueFor(fieldOf(field), told) : null;
      if (!value?.ok) continue;
      const { assurance, at, source, source_name } = row;
      const mine = { field: `x:${field.key}`, value: value.value, assurance, at, source, source_name };
      const place = `${row.fragment} ${field.key}`;
      const other = held.get(place);
      if (!other || (better(mine, other) || order(other.value, mine.value)) < 0) held.set(place, mine);
    }
  }
  return [...held.values()].sort((a, b) => better(a, b) || order(a.value, b.value) || a.source - b.source);
}
