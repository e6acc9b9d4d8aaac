import { type Context, Hono } from 'hono';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { closeAttention } from '../reactions/attention.ts';
import { pastMoment } from '../record/customer/moment.ts';
import { hasSession } from '../staff/session.ts';
import { apiPage } from './api-page.tsx';
import { undoOf } from './components/take-back.tsx';
import { consentRoutes } from './consent/routes.ts';
import { conversationPage } from './conversation.tsx';
import { costRoutes } from './costs/routes.tsx';
import { customerPage, readRecord } from './customer.tsx';
import { customersPage } from './customers.tsx';
import { noSuchPage, problemPage } from './errors.tsx';
import { formOf, localPath, pathWith } from './form.ts';
import { groupRoutes } from './groups/routes.tsx';
import { sessionGuard } from './guard.ts';
import { identityRoutes } from './identity-routes.ts';
import { identityRuleRoutes } from './identity-rules/routes.ts';
import { importRoutes } from './import-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { livePage } from './live.tsx';
import { checkDraft, draftOf, logContact } from './log/draft.ts';
import { logPage, logStranger, strangerDraft } from './log/log-page.tsx';
import { mailRoutes } from './mail/routes.ts';
import { mailFile } from './mail-file.ts';
import { noticeOf } from './notices.ts';
import { overviewPage } from './overview.tsx';
import { privacyRoutes } from './privacy/routes.ts';
import { productRoutes } from './products/routes.tsx';
import { pageResponse, seeOther } from './response.ts';
import { segmentRoutes } from './segments/routes.tsx';
import { signIn } from './sign-in.tsx';
import { sourceRoutes } from './source-routes.ts';
import { stageRoutes } from './stages/routes.tsx';
import { suggestionRoutes } from './suggestions/routes.ts';
import { toldRoutes } from './told/routes.ts';
import { touchpointPage } from './touchpoint.tsx';
import { whoRoutes } from './who/routes.ts';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);
const queryOf = (c: Staff): URLSearchParams => new URL(c.req.url).searchParams;

async function showCustomer(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const query = queryOf(c);
  const asked = query.get('at');
  const moment = asked ? pastMoment(asked, runtime.clock.now()) : null;
  const done = noticeOf(query.get('done') ?? undefined);
  const request = {
    id,
    query,
    language: c.req.header('accept-language'),
    notice: done && { ...done, ...undoOf(query, `/customers/${id}`) },
    ...(moment && !moment.ok && { dayFault: { typed: asked ?? '', message: moment.message } }),
  };
  const record = await readRecord(runtime, request, moment?.ok ? moment.at : null);
  if (!record) return missing();
  // A former id leads to the record it became part of. Not for ever: a merge can be taken back.
  if (record.id !== id) return seeOther(pathWith(`/customers/${record.id}`, query, {}));
  const status = moment?.ok === false ? 422 : 200;
  return pageResponse(await customerPage(record, request, runtime), { status });
}

async function logOnRecord(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const draft = draftOf(await formOf(c.req.raw), runtime.clock.uuid());
  const checked = checkDraft(draft, runtime.clock.now());
  if (checked.ok)
    return (await logContact(runtime, id, draft, checked.body)) ? seeOther(`/customers/${id}?done=logged`) : missing();
  const request = {
    id,
    query: new URLSearchParams(),
    language: c.req.header('accept-language'),
    form: { draft, faults: checked.faults },
  };
  const record = await readRecord(runtime, request);
  return record ? pageResponse(await customerPage(record, request, runtime), { status: 422 }) : missing();
}

async function logNew(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const draft = strangerDraft(await formOf(c.req.raw), runtime.clock.uuid());
  const outcome = await logStranger(runtime, draft);
  if (typeof outcome === 'string') return seeOther(`/customers/${outcome}?done=logged`);
  const page = await logPage(runtime, new URLSearchParams(), { draft, faults: outcome });
  return pageResponse(page, { status: 422 });
}

async function closeSeen(c: Staff, id: string): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const back = localPath(form.text('back'), new URL(c.req.url).origin);
  if (!/^\d{1,15}$/.test(id)) return missing();
  await closeAttention(db, Number(id), clock.now());
  return seeOther(pathWith(back, new URLSearchParams(), { done: 'seen' }));
}

/** The staff's pages, the sign-in page and the description of the API. */
export function staffPages(): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();
  app.route('/', signIn);
  app.get('/api', async (c) => {
    const isSignedIn = await hasSession(c, runtimeOf(c.env));
    return pageResponse(apiPage(new URL(c.req.url).origin, isSignedIn));
  });

  for (const path of [
    '/',
    '/log',
    '/products/*',
    '/products.csv',
    '/costs',
    '/customers/*',
    '/segments/*',
    '/touchpoints/*',
    '/conversations/*',
    '/attention/*',
    '/decisions/*',
    '/suggestions/*',
    '/identity/*',
    '/sources/*',
    '/live',
    '/imports/*',
    '/deliveries/*',
    '/jobs/*',
    '/mail/*',
    '/privacy/*',
    '/team/*',
    '/fields/*',
    '/consent',
    '/stages',
    '/organisations/*',
    '/households/*',
    '/notices/*',
  ])
    app.use(path, sessionGuard);
  app.get('/', async (c) =>
    pageResponse(await overviewPage(runtimeOf(c.env), queryOf(c), noticeOf(c.req.query('done')))),
  );
  app.get('/customers', async (c) => {
    const page = await customersPage(runtimeOf(c.env), queryOf(c));
    return page ? pageResponse(page) : missing();
  });
  app.get('/live', async (c) => {
    const page = await livePage(runtimeOf(c.env), queryOf(c));
    return page ? pageResponse(page) : missing();
  });
  app.get('/customers/:id', (c) => showCustomer(c, c.req.param('id')));
  app.post('/customers/:id/log', (c) => logOnRecord(c, c.req.param('id')));
  app.get('/log', async (c) => pageResponse(await logPage(runtimeOf(c.env), queryOf(c))));
  app.post('/log', logNew);
  app.get('/touchpoints/:id', async (c) => {
    const page = await touchpointPage(runtimeOf(c.env), c.req.param('id'));
    return page ? pageResponse(page) : missing();
  });
  app.get('/touchpoints/:id/files/:index', async (c) => {
    const file = await mailFile(runtimeOf(c.env), c.req.param('id'), c.req.param('index'));
    return file ?? missing();
  });
  app.get('/conversations/:id', async (c) => {
    const page = await conversationPage(runtimeOf(c.env), c.req.param('id'));
    return page ? pageResponse(page) : missing();
  });
  app.post('/attention/:id/seen', (c) => closeSeen(c, c.req.param('id')));
  app.route('/', segmentRoutes);
  app.route('/', productRoutes);
  app.route('/', costRoutes);
  app.route('/', whoRoutes);
  app.route('/', identityRoutes);
  app.route('/', consentRoutes);
  app.route('/', suggestionRoutes);
  app.route('/', identityRuleRoutes);
  app.route('/', privacyRoutes);
  app.route('/', mailRoutes);
  app.route('/', sourceRoutes);
  app.route('/', jobRoutes);
  app.route('/', importRoutes);
  app.route('/', stageRoutes);
  app.route('/', groupRoutes);
  app.route('/', toldRoutes);
  return app;
}
