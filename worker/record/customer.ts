import { type Course, courseStatements, readCourse, type TimelineView } from './customer/course.ts';
import { type Asked, CUSTOMER, type Part, rowsOf, statementsOf } from './customer/part.ts';
import * as PARTS from './customer/parts.ts';
import { CONTACT, type CustomerItem, type CustomerRow, customerItem } from './customers.ts';

export type { Attention } from './customer/attention.ts';
export type { TimelineView } from './customer/course.ts';
export type { Identifier } from './customer/identifiers.ts';
export type { Order } from './customer/orders.ts';
export type { Profile, ProfileValue, Voice } from './customer/profile.ts';
export type { Word } from './customer/said.ts';
export type { Suggestion } from './customer/suggestions.ts';

type Read<Parts> = { readonly [Name in keyof Parts]: Parts[Name] extends Part<infer Value> ? Value : never };

/** One relationship record: who it is, what is known, the numbers, the orders and the timeline. */
export type CustomerRecord = CustomerItem & {
  /** Internal id. */
  readonly key: number;
} & Read<typeof PARTS> &
  Course;

const CUSTOMER_ROW = `SELECT c.*, ${CONTACT} FROM customer c WHERE c.id = ${CUSTOMER}`;

/** What each part says, from the results of all their statements in the order of the list. */
function readParts(results: readonly D1Result[], asked: Asked): Read<typeof PARTS> {
  const left = [...results];
  const read = Object.entries<Part<unknown>>(PARTS).map(([name, part]) => [
    name,
    part.read(left.splice(0, part.now.length), asked),
  ]);
  return Object.fromEntries(read);
}

/**
 * The whole record of a customer in one round trip, or two where there are conversations to fold. `publicId` may be a former
 * one. Null when there is no such customer.
 */
export async function readCustomer(
  db: D1Database,
  publicId: string,
  view: TimelineView,
): Promise<CustomerRecord | null> {
  const asked: Asked = { publicId, at: null };
  const parts = Object.values<Part<unknown>>(PARTS).flatMap((part) => statementsOf(db, part, asked));
  const [customer, talks, timeline, ...results] = await db.batch([
    db.prepare(CUSTOMER_ROW).bind(publicId),
    ...courseStatements(db, asked, view),
    ...parts,
  ]);
  const row = rowsOf<CustomerRow>(customer)[0];
  if (!row || !talks || !timeline) return null;
  return {
    ...customerItem(row),
    key: row.id,
    ...readParts(results, asked),
    ...(await readCourse(db, asked, view, [talks, timeline])),
  };
}
