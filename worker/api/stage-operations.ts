import * as z from 'zod';
import { STAGES } from '../../schema/vocabulary.ts';
import { invalid, notFound, type Problem } from '../platform/problem.ts';
import { setStage } from '../record/stages/override.ts';
import { previewRules } from '../record/stages/preview.ts';
import { countStages, readStages, type StageRecord } from '../record/stages/read.ts';
import {
  RULED,
  type RuleFaults,
  readRules,
  readVersions,
  type StageRules,
  saveVersion,
} from '../record/stages/rules.ts';
import { fail, ok, operation } from './route.ts';
import { moment, time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Stages';
const stage = z.enum(STAGES);
const condition = z.string().max(2000);
const Texts = z
  .object({ dissolution: condition, commitment: condition, expansion: condition, exploration: condition })
  .describe('Asked in this order: the first that holds is the stage. Whoever fits none is in awareness');

const Version = z.object({
  version: z.int(),
  rules: Texts,
  note: z.string(),
  actor: z.string(),
  judgesFrom: time.nullable().describe('Null: the whole past'),
  createdAt: time,
});
const versionItem = ({ version, texts, note, actor, validFrom, createdAt }: StageRules): z.input<typeof Version> => ({
  version,
  rules: Object.fromEntries(RULED.map((one) => [one, texts[one]])) as z.input<typeof Texts>,
  note,
  actor,
  judgesFrom: validFrom === 0 ? null : toTime(validFrom),
  createdAt: toTime(createdAt),
});

const Stretch = z.object({
  stage,
  from: time,
  to: time.nullable(),
  version: z.int().nullable().describe('Version of the rules; null where staff set it'),
  initiator: z.enum(['customer', 'company', 'neither', 'staff']),
  because: z.array(
    z.object({
      field: z.string(),
      argument: z.string().nullable(),
      value: z.union([z.number(), z.boolean()]).nullable().describe('Times are epoch milliseconds'),
    }),
  ),
  evidence: z.array(z.object({ touchpointId: z.string(), kind: z.string(), occurredAt: time })),
  reason: z.string().nullable(),
  actor: z.string().nullable(),
});
const Course = z.object({
  stage: stage.nullable(),
  since: time.nullable(),
  nextAt: time.nullable().describe('When time alone will change it, if nothing happens'),
  isWaiting: z.boolean().describe('Something is not yet taken into account'),
  course: z.array(Stretch).describe('Latest first'),
});

const courseItem = ({ since, nextAt, course, ...rest }: StageRecord): z.input<typeof Course> => ({
  stage: rest.stage,
  isWaiting: rest.isWaiting,
  since: toTimeOrNull(since),
  nextAt: toTimeOrNull(nextAt),
  course: course.map(({ from, to, evidence, because, stage, version, initiator, reason, actor }) => ({
    stage,
    version,
    initiator,
    reason,
    actor,
    from: toTime(from),
    to: toTimeOrNull(to),
    because: because.map((one) => ({ ...one })),
    evidence: evidence.map(({ id, kind, at }) => ({ touchpointId: id, kind, occurredAt: toTime(at) })),
  })),
});

const faulty = (faults: RuleFaults): Problem =>
  invalid(Object.entries(faults).map(([name, message]) => ({ path: `body.rules.${name}`, message: message ?? '' })));

const byId = z.object({ id: z.string() });

export const stageOperations = [
  operation({
    method: 'get',
    path: '/stages',
    id: 'countStages',
    summary: 'How many customers are in each stage of the relationship',
    tag,
    response: z.object({
      items: z.array(z.object({ stage, count: z.int() })),
      waiting: z.int().describe('Customers still to be worked out, anew or at all'),
      nextCursor: z.null(),
    }),
    handle: async ({ runtime }) => {
      const { counts, waiting } = await countStages(runtime.db);
      return ok({ items: STAGES.map((one) => ({ stage: one, count: counts[one] ?? 0 })), waiting, nextCursor: null });
    },
  }),
  operation({
    method: 'get',
    path: '/stages/rules',
    id: 'listStageRules',
    summary: 'Every version of the rules of stages, the latest first',
    tag,
    response: z.object({ items: z.array(Version), nextCursor: z.null() }),
    handle: async ({ runtime }) => ok({ items: (await readVersions(runtime.db)).map(versionItem), nextCursor: null }),
  }),
  operation({
    method: 'post',
    path: '/stages/rules',
    id: 'saveStageRules',
    summary: 'Save a new version of the rules; everybody is then worked out by it',
    tag,
    body: z.strictObject({
      rules: Texts,
      note: z.string().max(200).default(''),
      judgesPast: z.boolean().default(false).describe('Else what was before stays as earlier rules judged it'),
    }),
    response: Version,
    status: 201,
    handle: async ({ runtime, body, actor }) => {
      const read = readRules(body.rules);
      if (!read.ok) return fail(faulty(read.faults));
      const draft = { texts: body.rules, note: body.note, actor: await actor(), isForPast: body.judgesPast };
      const version = await saveVersion(runtime.db, runtime.clock.now(), draft);
      const saved = (await readVersions(runtime.db)).find((one) => one.version === version);
      return saved ? ok(versionItem(saved)) : fail(notFound('version'));
    },
  }),
  operation({
    method: 'post',
    path: '/stages/preview',
    id: 'previewStageRules',
    summary: 'Who would move with other rules; nothing is saved',
    tag,
    body: z.strictObject({ rules: Texts }),
    response: z.object({
      moves: z.array(
        z.object({
          from: stage,
          to: stage,
          count: z.int(),
          examples: z.array(z.object({ customerId: z.string(), displayName: z.string().nullable() })),
        }),
      ),
      total: z.int(),
      customers: z.int(),
      setByHand: z.int().describe('Their stage was set by staff: no rule moves them'),
    }),
    handle: async ({ runtime, body }) => {
      const read = readRules(body.rules);
      if (!read.ok) return fail(faulty(read.faults));
      const preview = await previewRules(runtime.db, read.rules, runtime.clock.now());
      return ok({
        ...preview,
        moves: preview.moves.map((move) => ({
          ...move,
          examples: move.examples.map(({ id, name }) => ({ customerId: id, displayName: name })),
        })),
      });
    },
  }),
  operation({
    method: 'get',
    path: '/customers/{id}/stages',
    id: 'getCustomerStages',
    summary: 'The stages a relationship went through, with what each change rests on',
    tag,
    params: byId,
    response: Course,
    handle: async ({ runtime, params }) => {
      const record = await readStages(runtime.db, params.id);
      return record ? ok(courseItem(record)) : fail(notFound('customer'));
    },
  }),
  operation({
    method: 'put',
    path: '/customers/{id}/stage',
    id: 'setCustomerStage',
    summary: 'Set the stage by hand, whatever the rules say; until a time, or until it is taken back',
    tag,
    params: byId,
    body: z.strictObject({ stage, reason: z.string().trim().min(1).max(500), until: moment.nullable().default(null) }),
    response: Course,
    handle: async ({ runtime, params, body, actor }) => {
      if (body.until !== null && body.until <= runtime.clock.now())
        return fail(invalid([{ path: 'body.until', message: 'Give a time that is still to come.' }]));
      const by = { actor: await actor(), reason: body.reason };
      const isSet = await setStage(runtime, params.id, { stage: body.stage, untilAt: body.until }, by);
      const record = isSet ? await readStages(runtime.db, params.id) : null;
      return record ? ok(courseItem(record)) : fail(notFound('customer'));
    },
  }),
  operation({
    method: 'delete',
    path: '/customers/{id}/stage',
    id: 'unsetCustomerStage',
    summary: 'Give the stage back to the rules',
    tag,
    params: byId,
    response: Course,
    handle: async ({ runtime, params, actor }) => {
      const isSet = await setStage(
        runtime,
        params.id,
        { stage: null, untilAt: null },
        { actor: await actor(), reason: null },
      );
      const record = isSet ? await readStages(runtime.db, params.id) : null;
      return record ? ok(courseItem(record)) : fail(notFound('customer'));
    },
  }),
];
