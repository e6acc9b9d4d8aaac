import { customerIdOf } from '../customers.ts';
import { type Comparison, compare } from '../identity/compare.ts';
import { readPeople } from './people.ts';

/** What speaks for one person behind two records and against, as it stands now. Null where one of the two is nobody's. */
export async function reasonOf(db: D1Database, one: string, other: string): Promise<Comparison | null> {
  const [a, b] = await Promise.all([customerIdOf(db, one), customerIdOf(db, other)]);
  if (a === null || b === null) return null;
  const people = await readPeople(db, [a, b]);
  const [x, y] = [people.get(a), people.get(b)];
  return x && y ? compare(x, y) : null;
}
