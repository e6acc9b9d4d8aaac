import * as z from 'zod';
import { invalid, notFound, type Problem } from '../platform/problem.ts';
import { listFields } from '../record/custom-fields.ts';
import { countPopulation, countPopulations } from '../record/segments/count.ts';
import { fields } from '../record/segments/fields.ts';
import { printRule } from '../record/segments/print.ts';
import {
  changeSegment,
  checkRule,
  createSegment,
  deleteSegment,
  listSegments,
  populationOf,
  type Segment,
  type SegmentFaults,
} from '../record/segments/segments.ts';
import { fail, ok, operation } from './route.ts';
import { time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Segments';

const rule = z.string().max(4000).describe('orders > 2 and nps <= 6 and last touchpoint before 90 days');
const Saved = z.object({
  id: z.string(),
  name: z.string(),
  rule: z.string().describe('In its canonical form'),
  isWatched: z.boolean().describe('Asks for attention when somebody enters'),
  watchedAt: time.nullable(),
  createdAt: time,
  updatedAt: time,
});
const Draft = z.strictObject({ name: z.string().max(200), rule, isWatched: z.boolean().default(false) });
const RuleErrors = z.array(
  z.object({ from: z.int().describe('Offset in the rule'), to: z.int(), message: z.string() }),
);
const Counted = z.object({
  count: z.int().nullable().describe('Null when the rule has errors'),
  known: z.int().nullable().describe('All customers who are known, counted up to 200,001'),
  isWhole: z.boolean().nullable().describe('False where only the 200,000 heard of latest were asked'),
});

const segmentItem = (segment: Segment): z.input<typeof Saved> => ({
  id: segment.id,
  name: segment.name,
  rule: segment.rule,
  isWatched: segment.watchedAt !== null,
  watchedAt: toTimeOrNull(segment.watchedAt),
  createdAt: toTime(segment.createdAt),
  updatedAt: toTime(segment.updatedAt),
});

const problemOf = ({ name, rule: error, isWatched }: SegmentFaults): Problem =>
  invalid([
    ...(name ? [{ path: 'body.name', message: name }] : []),
    ...(error ? [{ path: 'body.rule', message: `${error.message} (at ${error.from})` }] : []),
    ...(isWatched ? [{ path: 'body.isWatched', message: isWatched }] : []),
  ]);

const byId = z.object({ id: z.string() });

/** The segment of an id as it now stands. */
async function shown(db: D1Database, id: string) {
  const segment = (await listSegments(db)).find((one) => one.id === id);
  return segment ? ok(segmentItem(segment)) : fail(notFound('segment'));
}

export const segmentOperations = [
  operation({
    method: 'get',
    path: '/segments',
    id: 'listSegments',
    summary: 'Saved segments by name; with how many customers each has, if asked',
    tag,
    query: z.object({ counts: z.literal('1').optional().describe('Count each') }),
    response: z.object({
      items: z.array(Saved.extend({ count: z.int().nullable(), isWhole: z.boolean().nullable() })),
      nextCursor: z.null(),
    }),
    handle: async ({ runtime: { db, clock }, query }) => {
      const segments = await listSegments(db);
      const asked = query.counts ? segments.map((segment) => populationOf(segment, segments, clock.now())) : [];
      const counts = await countPopulations(
        db,
        asked.flatMap((population) => population ?? []),
      );
      const left = [...counts];
      const items = segments.map((segment, index) => {
        const count = asked[index] ? left.shift() : undefined;
        return { ...segmentItem(segment), count: count?.count ?? null, isWhole: count?.isWhole ?? null };
      });
      return ok({ items, nextCursor: null });
    },
  }),
  operation({
    method: 'get',
    path: '/segments/fields',
    id: 'listSegmentFields',
    summary: 'What a rule can ask of a customer',
    tag,
    response: z.object({
      items: z.array(
        z.object({
          name: z.string(),
          aliases: z.array(z.string()),
          title: z.string(),
          kind: z.string(),
          help: z.string(),
          example: z.string(),
          choices: z.array(z.string()).nullable(),
        }),
      ),
      nextCursor: z.null(),
    }),
    handle: async () =>
      ok({
        items: fields.map(({ name, aliases, title, kind, help, example, choices }) => ({
          name,
          aliases: [...aliases],
          title,
          kind,
          help,
          example,
          choices: choices ? [...choices] : null,
        })),
        nextCursor: null,
      }),
  }),
  operation({
    method: 'post',
    path: '/segments/count',
    id: 'countRule',
    summary: 'How many customers a rule takes in now, or what is wrong with it and where',
    tag,
    body: z.strictObject({ rule, name: z.string().max(200).optional().describe('Of the segment it is for') }),
    response: Counted.extend({ rule: z.string().nullable().describe('In its canonical form'), errors: RuleErrors }),
    handle: async ({ runtime: { db, clock }, body }) => {
      const checked = checkRule(body.rule, await listSegments(db), body.name ?? null, await listFields(db));
      if (!checked.ok)
        return ok({
          count: null,
          known: null,
          isWhole: null,
          rule: null,
          errors: checked.errors.map((e) => ({ ...e })),
        });
      const { count, known, isWhole } = await countPopulation(db, { rule: checked.expanded, now: clock.now() });
      return ok({ count, known, isWhole, rule: printRule(checked.rule), errors: [] });
    },
  }),
  operation({
    method: 'post',
    path: '/segments',
    id: 'createSegment',
    summary: 'Save a segment',
    tag,
    status: 201,
    body: Draft,
    response: Saved,
    handle: async ({ runtime, body }) => {
      const saved = await createSegment(runtime, body);
      return saved.ok ? shown(runtime.db, saved.id) : fail(problemOf(saved.faults));
    },
  }),
  operation({
    method: 'get',
    path: '/segments/{id}',
    id: 'getSegment',
    summary: 'One segment with how many customers it has now',
    tag,
    params: byId,
    response: Saved.extend(Counted.shape),
    handle: async ({ runtime: { db, clock }, params }) => {
      const segments = await listSegments(db);
      const segment = segments.find(({ id }) => id === params.id);
      if (!segment) return fail(notFound('segment'));
      const population = populationOf(segment, segments, clock.now());
      const counted = population ? await countPopulation(db, population) : null;
      return ok({
        ...segmentItem(segment),
        count: counted?.count ?? null,
        known: counted?.known ?? null,
        isWhole: counted?.isWhole ?? null,
      });
    },
  }),
  operation({
    method: 'put',
    path: '/segments/{id}',
    id: 'changeSegment',
    summary: 'Change a segment; rules that refer to it follow its name',
    tag,
    params: byId,
    body: Draft,
    response: Saved,
    handle: async ({ runtime, params, body }) => {
      const saved = await changeSegment(runtime, params.id, body);
      if (!saved) return fail(notFound('segment'));
      return saved.ok ? shown(runtime.db, saved.id) : fail(problemOf(saved.faults));
    },
  }),
  operation({
    method: 'delete',
    path: '/segments/{id}',
    id: 'deleteSegment',
    summary: 'Delete a segment that no other refers to',
    tag,
    params: byId,
    response: z.object({ deleted: z.boolean() }),
    handle: async ({ runtime, params }) => {
      const deleted = await deleteSegment(runtime.db, params.id);
      if (!deleted) return fail(notFound('segment'));
      if (deleted.ok) return ok({ deleted: true });
      const names = deleted.referrers.map((name) => `"${name}"`).join(', ');
      return fail({
        status: 409,
        code: 'in_use',
        title: 'Other segments refer to it',
        detail: `Change ${names} first.`,
      });
    },
  }),
];
