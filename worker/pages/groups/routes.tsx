import { type Context, Hono } from 'hono';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import type { EditBy } from '../../record/edits.ts';
import type { GroupKind } from '../../record/groups/members.ts';
import { joinOrganisation, leaveGroup, liveTogether } from '../../record/groups/membership.ts';
import { tidyName } from '../../record/groups/names.ts';
import {
  changeOrganisation,
  checkOrganisation,
  createOrganisation,
  deleteOrganisation,
  organisationById,
  organisationsCalled,
  restoreOrganisation,
} from '../../record/groups/organisations.ts';
import { giveOrganisation } from '../../record/groups/owner.ts';
import { actorOf } from '../../staff/session.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf, localPath, pathWith } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { householdPage } from './household-page.tsx';
import { householdsPage } from './households-page.tsx';
import { organisationPage } from './organisation-page.tsx';
import { organisationsPage } from './organisations-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);
const queryOf = (c: Staff): URLSearchParams => new URL(c.req.url).searchParams;
const byStaff = async (c: Staff): Promise<EditBy> => ({ actor: await actorOf(c, runtimeOf(c.env)), reason: null });

/** Back to the page a form stands on, with what it did. */
function back(c: Staff, path: string, fallback: string, done: string): Response {
  const origin = new URL(c.req.url).origin;
  const url = new URL(localPath(path, origin, fallback), origin);
  return seeOther(pathWith(url.pathname, url.searchParams, { done }));
}

async function create(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const [name, domain] = [form.text('name'), form.text('domain')];
  const checked = checkOrganisation({ name, domain });
  if (checked.ok) return seeOther(`/organisations/${await createOrganisation(runtime, checked)}?done=saved`);
  const page = await organisationsPage(runtime, {
    query: new URLSearchParams(),
    form: { name, domain, faults: checked.faults },
  });
  return page ? pageResponse(page, { status: 422 }) : missing();
}

async function change(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const [name, domain] = [form.text('name'), form.text('domain')];
  const checked = checkOrganisation({ name, domain });
  if (checked.ok)
    return (await changeOrganisation(runtime, id, checked)) ? seeOther(`/organisations/${id}?done=saved`) : missing();
  const page = await organisationPage(runtime, id, {
    query: new URLSearchParams(),
    form: { name, domain, faults: checked.faults },
  });
  return page ? pageResponse(page, { status: 422 }) : missing();
}

async function addMember(c: Staff, id: string): Promise<Response> {
  const form = await formOf(c.req.raw);
  const joined = await joinOrganisation(
    runtimeOf(c.env),
    id,
    form.text('customer'),
    form.text('role'),
    await byStaff(c),
  );
  return joined === 'done' ? back(c, form.text('back'), `/organisations/${id}`, 'joined_group') : missing();
}

async function takeOut(c: Staff, kind: GroupKind, id: string, customer: string): Promise<Response> {
  const form = await formOf(c.req.raw);
  const left = await leaveGroup(runtimeOf(c.env), kind, id, customer, await byStaff(c));
  return left === 'done' ? back(c, form.text('back'), `/${kind}s/${id}`, 'left_group') : missing();
}

async function giveAll(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const organisation = await organisationById(runtime.db, id);
  if (!organisation || organisation.deletedAt !== null) return missing();
  const given = await giveOrganisation(runtime, organisation.key, form.text('owner') || null, await byStaff(c));
  return given === null ? missing() : seeOther(`/organisations/${id}?done=saved`);
}

/** Puts a customer into the organisation of a name: the one that is called so, or a new one. */
async function addByName(c: Staff, customer: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const name = tidyName(form.text('name'));
  if (name === null) return seeOther(`/customers/${customer}?done=no_group_name`);
  const [found, ...others] = await organisationsCalled(runtime.db, name);
  // Which of several is for staff to say: they are shown, each with a way to put somebody in.
  if (others.length > 0) return seeOther(`/organisations?q=${encodeURIComponent(name)}&done=several_groups`);
  const id = found?.id ?? (await createOrganisation(runtime, { ok: true, name, domain: null }));
  const joined = await joinOrganisation(runtime, id, customer, form.text('role'), await byStaff(c));
  return joined === 'done' ? seeOther(`/customers/${customer}?done=joined_group`) : missing();
}

async function together(c: Staff, customer: string): Promise<Response> {
  const form = await formOf(c.req.raw);
  const id = await liveTogether(runtimeOf(c.env), customer, form.text('with'), await byStaff(c));
  return id === null ? missing() : seeOther(`/customers/${customer}?done=together`);
}

/** Organisations, households and who belongs to them. Behind the session guard. */
export const groupRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/organisations', async (c) => {
    const page = await organisationsPage(runtimeOf(c.env), {
      query: queryOf(c),
      notice: noticeOf(c.req.query('done')),
    });
    return page ? pageResponse(page) : missing();
  })
  .post('/organisations', create)
  .get('/organisations/:id', async (c) => {
    const page = await organisationPage(runtimeOf(c.env), c.req.param('id'), {
      query: queryOf(c),
      notice: noticeOf(c.req.query('done')),
    });
    return page ? pageResponse(page) : missing();
  })
  .post('/organisations/:id', (c) => change(c, c.req.param('id')))
  .post('/organisations/:id/delete', async (c) => {
    const id = c.req.param('id');
    await deleteOrganisation(runtimeOf(c.env), id);
    return seeOther(`/organisations/${id}?done=saved`);
  })
  .post('/organisations/:id/restore', async (c) => {
    const id = c.req.param('id');
    await restoreOrganisation(runtimeOf(c.env), id);
    return seeOther(`/organisations/${id}?done=saved`);
  })
  .post('/organisations/:id/owner', (c) => giveAll(c, c.req.param('id')))
  .post('/organisations/:id/members', (c) => addMember(c, c.req.param('id')))
  .post('/organisations/:id/members/:customer/remove', (c) =>
    takeOut(c, 'organisation', c.req.param('id'), c.req.param('customer')),
  )
  .post('/customers/:id/organisations', (c) => addByName(c, c.req.param('id')))
  .post('/customers/:id/household', (c) => together(c, c.req.param('id')))
  .get('/households', async (c) => {
    const page = await householdsPage(runtimeOf(c.env), queryOf(c), noticeOf(c.req.query('done')));
    return page ? pageResponse(page) : missing();
  })
  .get('/households/:id', async (c) => {
    const runtime = runtimeOf(c.env);
    const page = await householdPage(runtime, c.req.param('id'), queryOf(c), noticeOf(c.req.query('done')));
    return page ? pageResponse(page) : missing();
  })
  .post('/households/:id/members/:customer/remove', (c) =>
    takeOut(c, 'household', c.req.param('id'), c.req.param('customer')),
  );
