import { type Context, Hono } from 'hono';
import { FIELD_KEY, FIELD_KINDS, keyOfLabel, MAX_NAME, MOST_NAMES } from '../../../schema/custom-field.ts';
import { tidyText } from '../../../schema/staff-word.ts';
import { keepOrigin } from '../../outbox/business.ts';
import { canSend } from '../../outbox/way.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { listFields } from '../../record/custom-fields.ts';
import { defineField, reviseField } from '../../record/own-fields/define.ts';
import { heardLately } from '../../record/own-fields/heard.ts';
import { addMember, changeMember, listMembers, readMember } from '../../staff/members.ts';
import { memberOfSession, setMemberOfSession } from '../../staff/session.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { type Form, formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { type FieldForm, fieldsPage } from './fields-page.tsx';
import { recordRoutes } from './record-routes.ts';
import { type MemberForm, teamPage } from './team-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);

async function showTeam(c: Staff, form: MemberForm | null = null): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const [members, you] = await Promise.all([listMembers(runtime.db), memberOfSession(c, runtime)]);
  const page = teamPage({ members, you, form, canMail: await canSend(runtime), notice: noticeOf(c.req.query('done')) });
  return pageResponse(page, { status: form ? 422 : 200 });
}

const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;

function memberForm(form: Form, id: string | null): MemberForm {
  const [name, email] = [tidyText(form.text('name')), form.text('email').trim()];
  return {
    id,
    name,
    email,
    digest: form.text('digest') !== '',
    faults: {
      ...((name === '' || name.length > 100) && { name: 'Write a name of up to 100 letters.' }),
      ...(email !== '' && !EMAIL.test(email) && { email: 'Write an address like ann@example.com, or leave it empty.' }),
      ...(email === '' && form.text('digest') !== '' && { email: 'Write an address for the morning’s mail to go to.' }),
    },
  };
}

async function saveMember(c: Staff, id: string | null): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const posted = await formOf(c.req.raw);
  if (id !== null && !(await readMember(runtime.db, id))) return missing();
  const form = memberForm(posted, id);
  if (Object.keys(form.faults).length > 0) return showTeam(c, form);
  const member = {
    name: form.name,
    email: form.email || null,
    isActive: posted.text('left') === '',
    digest: form.digest,
  };
  // Its links lead to where staff are.
  if (form.digest) await keepOrigin(runtime, new URL(c.req.url).origin);
  if (id === null) await addMember(runtime, { ...member, isActive: true });
  else await changeMember(runtime, id, member);
  return seeOther('/team?done=saved');
}

async function sayMe(c: Staff): Promise<Response> {
  const member = (await formOf(c.req.raw)).text('member');
  await setMemberOfSession(c, runtimeOf(c.env), member || null);
  return seeOther('/team?done=saved');
}

async function showFields(c: Staff, form: FieldForm | null = null): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const fields = await listFields(db);
  const heard = await heardLately(db, fields, clock.now());
  return pageResponse(fieldsPage({ fields, heard, form, notice: noticeOf(c.req.query('done')) }), {
    status: form ? 422 : 200,
  });
}

const MOST_CHOICES = 100;
const MAX_LABEL = 60;
const linesOf = (text: string): string[] => [...new Set(text.split('\n').map(tidyText).filter(Boolean))];

function fieldForm(posted: Form, changing: string | null, kind: string): FieldForm {
  const label = tidyText(posted.text('label'));
  const key = posted.text('key').trim() || keyOfLabel(label);
  const choices = linesOf(posted.text('choices'));
  const names = linesOf(posted.text('filledFrom'));
  const isLong = choices.length > MOST_CHOICES || choices.some((choice) => choice.length > MAX_LABEL);
  return {
    changing,
    label,
    key: posted.text('key').trim(),
    kind,
    choices: posted.text('choices'),
    filledFrom: posted.text('filledFrom'),
    faults: {
      ...((label === '' || label.length > MAX_LABEL) && { label: `Write a name of up to ${MAX_LABEL} letters.` }),
      ...(changing === null &&
        !FIELD_KEY.test(key) && { key: 'Write small letters, digits and _, beginning with a letter.' }),
      ...(kind === 'choice' && choices.length === 0 && { choices: 'Write at least one choice.' }),
      ...((names.length > MOST_NAMES || names.some((name) => name.length > MAX_NAME)) && {
        filledFrom: `At most ${MOST_NAMES} names of ${MAX_NAME} letters.`,
      }),
      ...(isLong && { choices: `At most ${MOST_CHOICES} choices of ${MAX_LABEL} letters.` }),
    },
  };
}

async function newField(c: Staff): Promise<Response> {
  const posted = await formOf(c.req.raw);
  const kind = FIELD_KINDS.find((candidate) => candidate === posted.text('kind')) ?? 'text';
  const form = fieldForm(posted, null, kind);
  if (Object.keys(form.faults).length > 0) return showFields(c, form);
  const field = {
    key: form.key || keyOfLabel(form.label),
    label: form.label,
    kind,
    choices: kind === 'choice' ? linesOf(form.choices) : [],
    isArchived: false,
    filledFrom: linesOf(form.filledFrom),
  };
  if (await defineField(runtimeOf(c.env), field)) return seeOther('/fields?done=saved');
  return showFields(c, { ...form, key: field.key, faults: { key: 'This is taken. Choose another.' } });
}

async function changedField(c: Staff, key: string): Promise<Response> {
  const { db } = runtimeOf(c.env);
  const field = (await listFields(db)).find((candidate) => candidate.key === key);
  if (!field) return missing();
  const posted = await formOf(c.req.raw);
  const form = fieldForm(posted, key, field.kind);
  if (Object.keys(form.faults).length > 0) return showFields(c, form);
  await reviseField(db, key, {
    label: form.label,
    filledFrom: linesOf(form.filledFrom),
    isArchived: posted.text('archived') !== '',
    ...(field.kind === 'choice' && { choices: linesOf(form.choices) }),
  });
  return seeOther('/fields?done=saved');
}

/** Who works here, what the business keeps of people, and what staff say of one. Behind the session guard. */
export const whoRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/team', (c) => showTeam(c))
  .post('/team', (c) => saveMember(c, null))
  .post('/team/me', sayMe)
  .post('/team/:id', (c) => saveMember(c, c.req.param('id')))
  .get('/fields', (c) => showFields(c))
  .post('/fields', newField)
  .post('/fields/:key', (c) => changedField(c, c.req.param('key')))
  .route('/', recordRoutes);
