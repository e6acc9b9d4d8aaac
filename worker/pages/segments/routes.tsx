import { type Context, Hono } from 'hono';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import {
  changeSegment,
  createSegment,
  deleteSegment,
  listSegments,
  type SegmentDraft,
} from '../../record/segments/segments.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { type Form, formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { segmentPage } from './segment-page.tsx';
import { segmentsPage } from './segments-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);

/** What a link may fill the form with; a rule is never longer. */
const MAX_GIVEN = 2000;

const draftFrom = (form: Form): SegmentDraft => ({
  name: form.text('name'),
  rule: form.text('rule').trim(),
  isWatched: form.text('watched') === '1',
});

async function showNew(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const given = (name: string) => (c.req.query(name) ?? '').slice(0, MAX_GIVEN).replaceAll('\u0000', '').toWellFormed();
  const draft = { name: given('name'), rule: given('rule'), isWatched: false };
  return pageResponse(await segmentPage(runtime, { segment: null, segments: await listSegments(runtime.db), draft }));
}

async function showOne(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const segments = await listSegments(runtime.db);
  const segment = segments.find((one) => one.id === id);
  if (!segment) return missing();
  const draft = { name: segment.name, rule: segment.rule, isWatched: segment.watchedAt !== null };
  const page = await segmentPage(runtime, { segment, segments, draft, notice: noticeOf(c.req.query('done')) });
  return pageResponse(page);
}

/** Saves what the form holds, or only counts it. `id` is null for a new segment. */
async function save(c: Staff, id: string | null): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const draft = draftFrom(form);
  const segments = await listSegments(runtime.db);
  const segment = segments.find((one) => one.id === id) ?? null;
  if (id !== null && !segment) return missing();
  if (form.text('act') === 'count') return pageResponse(await segmentPage(runtime, { segment, segments, draft }));
  const saved = id === null ? await createSegment(runtime, draft) : await changeSegment(runtime, id, draft);
  if (!saved) return missing();
  if (saved.ok) return seeOther(`/segments/${saved.id}?done=saved`);
  return pageResponse(await segmentPage(runtime, { segment, segments, draft, faults: saved.faults }), { status: 422 });
}

async function remove(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const deleted = await deleteSegment(runtime.db, id);
  if (deleted?.ok) return seeOther('/segments?done=segment_deleted');
  const segments = await listSegments(runtime.db);
  const segment = segments.find((one) => one.id === id);
  if (!deleted || !segment) return missing();
  const draft = { name: segment.name, rule: segment.rule, isWatched: segment.watchedAt !== null };
  const page = await segmentPage(runtime, { segment, segments, draft, referrers: deleted.referrers });
  return pageResponse(page, { status: 409 });
}

/** Segments: the list, and one with its rule. Behind the session guard. */
export const segmentRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/segments', async (c) => pageResponse(await segmentsPage(runtimeOf(c.env), noticeOf(c.req.query('done')))))
  .post('/segments', (c) => save(c, null))
  .get('/segments/new', showNew)
  .get('/segments/:id', (c) => showOne(c, c.req.param('id')))
  .post('/segments/:id', (c) => save(c, c.req.param('id')))
  .post('/segments/:id/delete', (c) => remove(c, c.req.param('id')));
