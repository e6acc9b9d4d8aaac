import { Hono } from 'hono';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { accessFields } from '../sources/access.ts';
import { compareNow } from '../sources/comparisons.ts';
import { changeSource } from '../sources/manage.ts';
import { REPLAYABLE, resumeSource, startReplay } from '../sources/replay.ts';
import type { Source } from '../sources/store.ts';
import { formOf } from './form.ts';
import { misfitWords } from './misfits.ts';
import { pageResponse, seeOther } from './response.ts';
import { sourcePage } from './source.tsx';
import { originOf, type Staff, withSource } from './source-request.ts';

/** What is done to a source in use: hold it, read things again, end a secret, keep less. */

const back = (source: Source, done: string): Response => seeOther(`/sources/${source.publicId}?done=${done}`);

async function replaySince(c: Staff, source: Source): Promise<Response> {
  const form = await formOf(c.req.raw);
  // As the field of a browser writes it, without a zone: the page says that it means UTC.
  const since = Date.parse(`${form.text('since')}Z`);
  if (!Number.isFinite(since)) return back(source, 'replay_no_time');
  const outcomes = form.text('which') === 'all' ? REPLAYABLE : (['malformed', 'dead'] as const);
  await startReplay(runtimeOf(c.env), source, since, outcomes);
  return back(source, 'replay_begun');
}

async function changeKeeping(c: Staff, source: Source): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const days = (await formOf(c.req.raw)).text('bodyDays').trim();
  const changed = await changeSource(runtime, source, { bodyDays: /^\d{1,3}$/.test(days) ? Number(days) : -1 });
  if (changed.ok) return back(source, 'saved');
  const keepingFault = changed.misfits.map((misfit) => `It ${misfitWords(misfit)}.`).join(' ');
  return pageResponse(await sourcePage(runtime, source, { origin: originOf(c), keepingFault }), { status: 422 });
}

/** Holds the sender's own list against what came: now, and also from a day before if one is named. */
async function compare(c: Staff, source: Source): Promise<Response> {
  const day = (await formOf(c.req.raw)).text('since').trim();
  const since = day === '' ? null : Date.parse(`${day}T00:00:00Z`);
  if (since !== null && !Number.isFinite(since)) return back(source, 'replay_no_time');
  const asked = await compareNow(runtimeOf(c.env), source, since);
  return back(source, asked.ok ? 'comparing' : 'cannot_compare');
}

/** Access to the sender's API. A secret that is left empty stays as it is; it goes only when that is ticked. */
async function changeAccess(c: Staff, source: Source): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const fields = accessFields(source.kind);
  const credentials = Object.fromEntries(
    fields.flatMap(({ name, isSecret }): [string, string][] => {
      const typed = form.text(name).trim();
      if (form.text(`remove-${name}`) === 'yes') return [[name, '']];
      return typed === '' && isSecret ? [] : [[name, typed]];
    }),
  );
  const changed = await changeSource(runtime, source, { credentials });
  if (changed.ok) return back(source, 'saved');
  const request = { origin: originOf(c), accessMisfits: changed.misfits };
  return pageResponse(await sourcePage(runtime, source, request), { status: 422 });
}

/** `POST /sources/:id/{pause,resume,replay,end-old-secret,keeping,access,ask-again}`. */
export const mendingRoutes = new Hono<{ Bindings: Bindings }>()
  .post(
    '/sources/:id/pause',
    withSource(async (c, source) => {
      await changeSource(runtimeOf(c.env), source, { paused: true });
      return back(source, 'paused');
    }),
  )
  .post(
    '/sources/:id/resume',
    withSource(async (c, source) => {
      await resumeSource(runtimeOf(c.env), source);
      return back(source, 'resumed');
    }),
  )
  .post('/sources/:id/replay', withSource(replaySince))
  .post(
    '/sources/:id/end-old-secret',
    withSource(async (c, source) => {
      await changeSource(runtimeOf(c.env), source, { endOldSecret: true });
      return back(source, 'old_secret_ended');
    }),
  )
  .post('/sources/:id/keeping', withSource(changeKeeping))
  .post('/sources/:id/access', withSource(changeAccess))
  .post('/sources/:id/compare', withSource(compare))
  .post(
    '/sources/:id/ask-again',
    withSource(async (c, source) => {
      // Setting nothing new asks for everything that is missing.
      await changeSource(runtimeOf(c.env), source, { credentials: {} });
      return back(source, 'asked_again');
    }),
  );
