import { type Context, Hono } from 'hono';
import { tidyTag } from '../../../schema/staff-word.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { listChanges } from '../../record/changes.ts';
import { listFields } from '../../record/custom-fields.ts';
import { readCustomer } from '../../record/customer.ts';
import { say } from '../../record/say.ts';
import { listMembers } from '../../staff/members.ts';
import { actorOf, memberOfSession } from '../../staff/session.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf } from '../form.ts';
import { pageResponse, seeOther } from '../response.ts';
import { changesPage } from './changes-page.tsx';
import { blankEdit, type EditForm, faultsOf, readEdit } from './edit-form.ts';
import { editPage } from './edit-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);
const CHANGES = 50;

const read = (c: Staff, id: string) => readCustomer(runtimeOf(c.env).db, id, { limit: 1, offset: 0 });

async function showEdit(c: Staff, id: string, form?: EditForm): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const [record, members, you] = await Promise.all([read(c, id), listMembers(runtime.db), memberOfSession(c, runtime)]);
  if (!record) return missing();
  if (record.id !== id && !form) return seeOther(`/customers/${record.id}/edit`);
  const page = editPage({
    record,
    form: form ?? blankEdit(record),
    members,
    you: members.find((member) => member.id === you) ?? null,
  });
  return pageResponse(page, { status: form ? 422 : 200 });
}

async function saveEdit(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const record = await read(c, id);
  if (!record) return missing();
  const { form, edits } = readEdit(await formOf(c.req.raw), record, runtime.clock.now());
  if (Object.keys(form.faults).length > 0) return showEdit(c, id, form);
  const said = await say(runtime, id, edits, { actor: await actorOf(c, runtime), reason: form.reason || null });
  if (said.ok) return seeOther(`/customers/${record.id}?done=${edits.length > 0 ? 'said' : 'nothing_changed'}`);
  return said.why === 'misfit' ? showEdit(c, id, { ...form, faults: faultsOf(said.misfits, form) }) : missing();
}

/** Puts a tag on or takes one off, as the form says. */
async function tag(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const [added, removed] = [form.text('add'), form.text('remove')];
  const name = tidyTag(added || removed);
  if (name === null) return seeOther(`/customers/${id}?done=no_tag`);
  const edit = { field: `tag:${name}`, value: added ? '1' : null };
  const said = await say(runtime, id, [edit], { actor: await actorOf(c, runtime), reason: null });
  return said.ok ? seeOther(`/customers/${id}?done=${added ? 'tagged' : 'untagged'}`) : missing();
}

async function showChanges(c: Staff, id: string): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const cursor = c.req.query('cursor');
  const [record, fields] = await Promise.all([read(c, id), listFields(db)]);
  const page = record && (await listChanges(db, record.key, { limit: CHANGES, cursor }));
  if (!record || !page) return missing();
  const customer = { id: record.id, name: record.displayName };
  return pageResponse(changesPage({ customer, page, fields, isFirst: cursor === undefined, now: clock.now() }));
}

/** What staff say of one person. Behind the session guard. */
export const recordRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/customers/:id/edit', (c) => showEdit(c, c.req.param('id')))
  .post('/customers/:id/edit', (c) => saveEdit(c, c.req.param('id')))
  .post('/customers/:id/tags', (c) => tag(c, c.req.param('id')))
  .get('/customers/:id/changes', (c) => showChanges(c, c.req.param('id')));
