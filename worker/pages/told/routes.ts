import { type Context, Hono } from 'hono';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { readAllNotices, readNotice } from '../../reactions/notices.ts';
import { memberOfSession } from '../../staff/session.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf, localPath, pathWith } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { toldPage } from './told-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);

async function readOne(c: Staff, given: string): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  if (!/^\d{1,15}$/.test(given) || !(await readNotice(db, Number(given), clock.now()))) return missing();
  return seeOther(localPath(form.text('back'), new URL(c.req.url).origin, '/notices'));
}

async function readAll(c: Staff): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const [member, until] = [form.text('member'), Number(form.text('until'))];
  const now = clock.now();
  await readAllNotices(db, member, Number.isSafeInteger(until) && until > 0 ? until : now, now);
  return seeOther(pathWith('/notices', new URLSearchParams({ member }), {}));
}

/** What members of staff are told of their customers. Behind the session guard. */
export const toldRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/notices', async (c) => {
    const query = new URL(c.req.url).searchParams;
    const runtime = runtimeOf(c.env);
    const self = await memberOfSession(c, runtime);
    const page = await toldPage(runtime, { query, self, notice: noticeOf(c.req.query('done')) });
    return page ? pageResponse(page) : missing();
  })
  .post('/notices/read', readAll)
  .post('/notices/:id/read', (c) => readOne(c, c.req.param('id')));
