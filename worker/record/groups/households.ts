import { type GroupNumbers, type GroupPage, type GroupView, readGroup } from './read.ts';

/** People who live together. */
export type Household = {
  /** Internal id. */
  readonly key: number;
  readonly id: string;
  /** Epoch ms. */
  readonly createdAt: number;
};

export async function householdById(db: D1Database, id: string): Promise<Household | null> {
  const row = await db
    .prepare('SELECT id, created_at FROM household WHERE public_id = ?1')
    .bind(id)
    .first<{ id: number; created_at: number }>();
  return row ? { key: row.id, id, createdAt: row.created_at } : null;
}

/** Names told one by one before the rest is counted. */
const TOLD = 3;

/** The word that all names have at their end, or at their beginning, if there is one. */
function familyName(names: readonly string[]): string | null {
  const words = names.map((name) => name.split(/\s+/).filter(Boolean));
  if (words.length < 2 || words.some(({ length }) => length < 2)) return null;
  const [last, first] = [words[0]?.at(-1), words[0]?.[0]];
  if (last && words.every((name) => name.at(-1) === last)) return last;
  return first && words.every((name) => name[0] === first) ? first : null;
}

/** What a household is called, by the names of its members: kept nowhere, so that it changes and goes with them. */
export function householdName(names: readonly (string | null)[], size: number = names.length): string {
  const known = names.filter((name) => name !== null);
  const family = known.length === size ? familyName(known) : null;
  if (family) return `${family} household`;
  if (known.length === 0) return 'Household';
  const told = known.slice(0, TOLD);
  const rest = size - told.length;
  const all = rest > 0 ? [...told, `${rest} more`] : told;
  return `Household of ${all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : all[0]}`;
}

/** A household with its members and numbers. Its members are few: all of them are read. */
export const readHousehold = (
  db: D1Database,
  household: Household,
  timeline: GroupPage['timeline'],
): Promise<GroupView> => readGroup(db, 'household', household.key, { members: { limit: 100, offset: 0 }, timeline });

export type { GroupNumbers };
