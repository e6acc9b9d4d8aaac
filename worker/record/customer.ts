import { type Course, courseStatements, readCourse, type TimelineView } from './customer/course.ts';
import { type Head, head } from './customer/head.ts';
import { type Asked, countOf, type Part, statementsOf } from './customer/part.ts';
import * as PARTS from './customer/parts.ts';

export type { Attention } from './customer/attention.ts';
export type { TimelineView } from './customer/course.ts';
export type { Identifier } from './customer/identifiers.ts';
export type { Order } from './customer/orders.ts';
export type { Profile, ProfileValue, Voice } from './customer/profile.ts';
export type { Word } from './customer/said.ts';
export type { Suggestion } from './customer/suggestions.ts';

type Read<Parts> = { readonly [Name in keyof Parts]: Parts[Name] extends Part<infer Value> ? Value : never };

/** One relationship record: who it is, what is known, the numbers, the orders and the timeline. */
export type CustomerRecord = Head & Read<typeof PARTS> & Course;

/** What each part says, from the results of all their statements in the order of the list. */
function readParts(results: readonly D1Result[], asked: Asked): Read<typeof PARTS> {
  const left = [...results];
  const read = Object.entries<Part<unknown>>(PARTS).map(([name, part]) => [
    name,
    part.read(left.splice(0, countOf(part, asked)), asked),
  ]);
  return Object.fromEntries(read);
}

/**
 * The whole record of a customer in one round trip, or two where there are conversations to fold. `publicId` may be a former
 * one; `at` a past moment (epoch ms) to show it as of. Null when there is no such customer.
 */
export async function readCustomer(
  db: D1Database,
  publicId: string,
  view: TimelineView & { readonly at?: number | null },
): Promise<CustomerRecord | null> {
  const asked: Asked = { publicId, at: view.at ?? null };
  const [first, talks, timeline, ...results] = await db.batch(
    [
      statementsOf(db, head, asked),
      courseStatements(db, asked, view),
      ...Object.values<Part<unknown>>(PARTS).map((part) => statementsOf(db, part, asked)),
    ].flat(),
  );
  const who = first && head.read([first], asked);
  if (!who || !talks || !timeline) return null;
  return { ...who, ...readParts(results, asked), ...(await readCourse(db, asked, view, [talks, timeline])) };
}
