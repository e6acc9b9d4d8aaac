import * as z from 'zod';
import { isZone } from '../../schema/imports/dates.ts';
import {
  DAY_ORDERS,
  DECIMAL_MARKS,
  FIELD_LABELS,
  IMPORT_FIELDS,
  IMPORT_KINDS,
  type ImportField,
  MAX_IMPORT_ROWS,
  ownColumns,
} from '../../schema/imports/plan.ts';
import { CHANNELS } from '../../schema/vocabulary.ts';
import type { Runtime } from '../platform/env.ts';
import { invalid, notFound, type Problem } from '../platform/problem.ts';
import { listFields } from '../record/custom-fields.ts';
import { checkRows } from '../sources/imports/check.ts';
import { beginImport, importById, listImports, type Import as Stored } from '../sources/imports/store.ts';
import { takeRows } from '../sources/imports/take.ts';
import type { RefusedRow } from '../sources/imports/translate.ts';
import { sourceById } from '../sources/store.ts';
import { fail, ok, operation } from './route.ts';
import { Money, pageSchema, paging, time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Imports';
const byId = z.object({ id: z.string() });
/** Five hundred rows of long texts. */
const MAX_ROWS_BODY = 4 * 1024 * 1024;
const MAX_CHECKED = 1000;
const MAX_COLUMNS = 500;
const MOST_ROWS = 10_000_000;

const fields = Object.keys(FIELD_LABELS) as [ImportField, ...ImportField[]];
const Plan = z
  .strictObject({
    kind: z.enum(IMPORT_KINDS),
    header: z.array(z.string().max(1000)).max(MAX_COLUMNS).describe('Names of the columns'),
    columns: z
      .partialRecord(z.enum(fields), z.int().min(0).max(MAX_COLUMNS))
      .describe('The place of each field in a row, from 0'),
    own: z
      .record(z.string().max(100), z.int().min(0).max(MAX_COLUMNS))
      .optional()
      .describe('Columns that fill fields of your own, by name; found by the names of the columns when absent'),
    dayOrder: z.enum(DAY_ORDERS).nullable().default(null).describe('Needed where a date can be read in two ways'),
    zone: z
      .string()
      .max(64)
      .refine(isZone, 'is no IANA time zone, such as Europe/Sofia')
      .default('UTC')
      .describe('Of times without an offset'),
    decimal: z.enum(DECIMAL_MARKS).nullable().default(null).describe('Needed where 1.234 can be read in two ways'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'write ISO 4217, such as EUR')
      .nullable()
      .default(null)
      .describe('Of amounts that name none'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'write ISO 3166, such as PL')
      .nullable()
      .default(null)
      .describe('Of telephone numbers without a country code'),
    contact: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,59}$/, 'write noun_verb, such as call_logged')
      .nullable()
      .default(null)
      .describe('Kind of touchpoints whose row names none'),
    channel: z.enum(CHANNELS).nullable().default(null).describe('Channel of touchpoints whose row names none'),
    reading: z
      .strictObject({ encoding: z.string().max(40), delimiter: z.string().max(1), hasHeader: z.boolean() })
      .nullable()
      .optional()
      .describe('How the file was read; kept, so that it can be gone on with in the same way'),
  })
  .superRefine(({ kind, columns }, context) => {
    const allowed: readonly string[] = IMPORT_FIELDS[kind];
    for (const field of Object.keys(columns))
      if (!allowed.includes(field))
        context.addIssue({ code: 'custom', path: ['columns', field], message: `is no field of ${kind}` });
    if (Object.keys(columns).length === 0)
      context.addIssue({ code: 'custom', path: ['columns'], message: 'map at least one column' });
  });

type GivenPlan = z.output<typeof Plan>;
/** The plan with the columns that fill fields of the business's own, which stay as they were found when the import began. */
const withOwn = async ({ db }: Runtime, plan: GivenPlan): Promise<GivenPlan> => {
  const own = plan.own ?? ownColumns(plan, await listFields(db));
  return Object.keys(own).length > 0 ? { ...plan, own } : plan;
};

const text = z.string().refine((value) => value.isWellFormed(), 'is not text');
const Row = z.strictObject({
  line: z.int().min(1).describe('Its line in the file, for what is said of it'),
  cells: z.array(text).max(MAX_COLUMNS),
  copy: z
    .int()
    .min(0)
    .optional()
    .describe('How many equal rows stand before it; counted within the request when absent'),
});

const Import = z.object({
  id: z.string(),
  kind: z.enum(IMPORT_KINDS),
  fileName: z.string(),
  fingerprint: z.string(),
  sourceId: z.string(),
  sourceName: z.string(),
  plan: z.looseObject({}),
  rowsTotal: z.int(),
  rowsDone: z.int().describe('Rows judged so far; where to go on'),
  rowsNew: z.int(),
  rowsKnown: z.int().describe('Rows that had been brought before'),
  rowsRefused: z.int(),
  createdAt: time,
  updatedAt: time,
  finishedAt: time.nullable(),
});

const importItem = (given: Stored): z.input<typeof Import> => ({
  id: given.publicId,
  kind: given.plan.kind,
  fileName: given.fileName,
  fingerprint: given.fingerprint,
  sourceId: given.sourcePublicId,
  sourceName: given.sourceName,
  plan: { ...given.plan },
  rowsTotal: given.rowsTotal,
  rowsDone: given.rowsDone,
  rowsNew: given.rowsNew,
  rowsKnown: given.rowsDone - given.rowsNew - given.rowsRefused,
  rowsRefused: given.rowsRefused,
  createdAt: toTime(given.createdAt),
  updatedAt: toTime(given.updatedAt),
  finishedAt: toTimeOrNull(given.finishedAt),
});

const Refused = z.object({
  line: z.int(),
  field: z.string().nullable(),
  column: z.string().nullable(),
  message: z.string(),
});
const refusedItem = (row: RefusedRow): z.input<typeof Refused> => ({ ...row });

const gap = (given: Stored): Problem => ({
  status: 409,
  code: 'rows_do_not_follow',
  title: 'These rows do not follow on those that were taken',
  detail: `Go on from row ${given.rowsDone} of ${given.rowsTotal}. Nothing was stored.`,
});

/** The internal id of the source that a caller names; null for none named, undefined for one that is not there. */
async function sourceNamed(runtime: Runtime, publicId: string | null | undefined): Promise<number | null | undefined> {
  if (!publicId) return null;
  return (await sourceById(runtime, publicId))?.id;
}

const sourceId = z
  .string()
  .nullable()
  .optional()
  .describe('The source whose ids the file speaks of; without it the file becomes a source of its own');

export const importOperations = [
  operation({
    method: 'post',
    path: '/imports/check',
    id: 'checkRows',
    summary: 'A dry run: what up to 1,000 rows would come to; nothing is written',
    tag,
    maxBody: MAX_ROWS_BODY,
    body: z.strictObject({ plan: Plan, sourceId, rows: z.array(Row).min(1).max(MAX_CHECKED) }),
    response: z.object({
      rowsNew: z.int(),
      rowsKnown: z.int(),
      rowsRefused: z.int(),
      customersNew: z.int(),
      customersKnown: z.int(),
      own: z.array(z.string()).describe('Columns that fill fields of your own'),
      refused: z.array(Refused).describe('The first hundred'),
      read: z.array(
        z.object({
          line: z.int(),
          person: z.string().nullable(),
          occurredAt: time.nullable(),
          value: Money.nullable(),
          about: z.string().nullable(),
        }),
      ),
    }),
    handle: async ({ runtime, body }) => {
      const source = await sourceNamed(runtime, body.sourceId);
      if (source === undefined) return fail(notFound('source'));
      const plan = await withOwn(runtime, body.plan);
      const checked = await checkRows(runtime, plan, source, body.rows);
      return ok({
        ...checked,
        own: Object.keys(plan.own ?? {}),
        refused: checked.refused.map(refusedItem),
        read: checked.read.map(({ at, ...row }) => ({ ...row, occurredAt: toTimeOrNull(at) })),
      });
    },
  }),
  operation({
    method: 'post',
    path: '/imports',
    id: 'beginImport',
    summary: 'Begin to import a file, or go on with the unfinished one of the same content, source and plan',
    tag,
    body: z.strictObject({
      fileName: z.string().trim().min(1).max(200),
      fingerprint: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'write the SHA-256 of the file in hex')
        .describe('SHA-256 of the file: the same file is known by it'),
      rowsTotal: z.int().min(1).max(MOST_ROWS),
      plan: Plan,
      sourceId,
    }),
    response: Import,
    status: 201,
    handle: async ({ runtime, body }) => {
      const source = await sourceNamed(runtime, body.sourceId);
      if (source === undefined) return fail(notFound('source'));
      const { fileName, fingerprint, rowsTotal } = body;
      const plan = await withOwn(runtime, body.plan);
      const given = { fileName, fingerprint, rowsTotal, plan, sourceId: source };
      return ok(importItem(await beginImport(runtime, given)));
    },
  }),
  operation({
    method: 'post',
    path: '/imports/{id}/rows',
    id: 'takeRows',
    summary: 'Bring the next rows, all rows of an order together; any request may be repeated',
    tag,
    params: byId,
    maxBody: MAX_ROWS_BODY,
    body: z.strictObject({
      from: z.int().min(0).describe('How many rows were sent before these'),
      rows: z.array(Row).min(1).max(MAX_IMPORT_ROWS),
    }),
    response: Import.extend({ refused: z.array(Refused).describe('Of these rows') }),
    handle: async ({ runtime, params, body }) => {
      const given = await importById(runtime, params.id);
      if (!given) return fail(notFound('import'));
      const took = await takeRows(runtime, given, body.from, body.rows);
      if (!took.ok) return fail(gap(took.import));
      return ok({ ...importItem(took.import), refused: took.refused.map(refusedItem) });
    },
  }),
  operation({
    method: 'get',
    path: '/imports',
    id: 'listImports',
    summary: 'Imports, latest begun first',
    tag,
    query: z.object({ ...paging, fingerprint: z.string().max(64).optional().describe('Only those of this file') }),
    response: pageSchema(Import),
    handle: async ({ runtime, query }) => {
      const { limit, cursor, fingerprint } = query;
      const page = await listImports(runtime, {
        limit,
        ...(cursor && { cursor }),
        ...(fingerprint && { fingerprint }),
      });
      if (!page) return fail(invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]));
      return ok({ items: page.items.map(importItem), nextCursor: page.nextCursor });
    },
  }),
  operation({
    method: 'get',
    path: '/imports/{id}',
    id: 'getImport',
    summary: 'One import and how far it has come',
    tag,
    params: byId,
    response: Import,
    handle: async ({ runtime, params }) => {
      const given = await importById(runtime, params.id);
      return given ? ok(importItem(given)) : fail(notFound('import'));
    },
  }),
];
