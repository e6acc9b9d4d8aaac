import { type Context, Hono } from 'hono';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { readCustomer } from '../record/customer.ts';
import { liveTogether } from '../record/groups/membership.ts';
import { readAccount } from '../record/identity/account.ts';
import { keepApart, mergeCustomers, revokeDecision } from '../record/identity/rulings.ts';
import { reasonOf } from '../record/suggestions/reason.ts';
import { actorOf } from '../staff/session.ts';
import { chooseOtherPage, comparePage } from './compare.tsx';
import { noSuchPage, problemPage } from './errors.tsx';
import { formOf } from './form.ts';
import { noticeOf } from './notices.ts';
import { pageResponse, seeOther } from './response.ts';
import { whyPage } from './why.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);
const read = (c: Staff, id: string) => readCustomer(runtimeOf(c.env).db, id, { limit: 1, offset: 0 });
const MAX_REASON = 500;

async function compareTwo(c: Staff, fault: string | null): Promise<Response> {
  const [a, b] = await Promise.all([read(c, c.req.param('id') ?? ''), read(c, c.req.param('other') ?? '')]);
  if (!a || !b) return missing();
  if (a.id === b.id) return seeOther(`/customers/${a.id}?done=one_already`);
  const comparison = await reasonOf(runtimeOf(c.env).db, a.id, b.id);
  if (!comparison) return missing();
  return pageResponse(comparePage(a, b, comparison, fault), { status: fault === null ? 200 : 422 });
}

/** What the buttons of the comparison do. Who lives with somebody is somebody else. */
async function ruleOnTwo(c: Staff): Promise<Response> {
  const [id = '', other = ''] = [c.req.param('id'), c.req.param('other')];
  const form = await formOf(c.req.raw);
  const reason = form.text('reason').trim().slice(0, MAX_REASON);
  if (reason === '') return compareTwo(c, 'Say in a few words how you know. It is kept with the decision.');
  const decision = form.text('decision');
  if (decision === 'household') {
    const runtime = runtimeOf(c.env);
    const home = await liveTogether(runtime, id, other, { actor: await actorOf(c, runtime), reason });
    return home === null ? missing() : seeOther(`/customers/${id}?done=together`);
  }
  const isMerge = decision === 'merge';
  const runtime = runtimeOf(c.env);
  const result = await (isMerge ? mergeCustomers : keepApart)(runtime, id, other, {
    reason,
    actor: await actorOf(c, runtime),
  });
  if (!result.ok) return result.why === 'same_record' ? seeOther(`/customers/${id}?done=one_already`) : missing();
  return seeOther(`/customers/${id}?done=${isMerge ? 'merged' : 'kept_apart'}&decision=${result.decisionId}`);
}

async function undo(c: Staff): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const form = await formOf(c.req.raw);
  const back = form.text('customer').replace(/[^\w-]/g, '');
  const reason = form.text('reason').trim().slice(0, MAX_REASON) || 'Taken back on the page of the record.';
  if (!/^\d{1,15}$/.test(id)) return missing();
  const runtime = runtimeOf(c.env);
  const revoked = await revokeDecision(runtime, Number(id), { reason, actor: await actorOf(c, runtime) });
  return seeOther(`/customers/${back}/why?done=${revoked.ok ? 'undone' : 'cannot_undo'}`);
}

/** Comparing, joining and parting records, and the account of why they are what they are. */
export const identityRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/customers/:id/compare', async (c) => {
    const record = await read(c, c.req.param('id'));
    if (!record) return missing();
    return pageResponse(await chooseOtherPage(runtimeOf(c.env), record, c.req.query('q') ?? ''));
  })
  .get('/customers/:id/compare/:other', (c) => compareTwo(c, null))
  .post('/customers/:id/compare/:other', ruleOnTwo)
  .get('/customers/:id/why', async (c) => {
    const record = await read(c, c.req.param('id'));
    if (!record) return missing();
    const runtime = runtimeOf(c.env);
    const entries = await readAccount(runtime.db, record.id);
    return pageResponse(whyPage(record, entries, noticeOf(c.req.query('done'))));
  })
  .post('/decisions/:id/revoke', undo);
