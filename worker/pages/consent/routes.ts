import { type Context, Hono } from 'hono';
import { CONSENT_CHANNELS, CONSENT_PAIRS, PURPOSES, SUPPRESSIONS } from '../../../schema/consent.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { listLedger } from '../../record/consent/history.ts';
import { recordConsents, suppressAddress } from '../../record/consent/ledger.ts';
import { addWording, listWordings } from '../../record/consent/wordings.ts';
import { readCustomer } from '../../record/customer.ts';
import { listMembers } from '../../staff/members.ts';
import { actorOf } from '../../staff/session.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { personConsentPage } from './person-page.tsx';
import { blankWord, readWord, type WordForm } from './word-form.tsx';
import { blankWording, type WordingForm, wordingsPage } from './wordings-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);
const SHOWN = 100;

async function showPerson(c: Staff, id: string, form: WordForm, status = 200): Promise<Response> {
  const { db } = runtimeOf(c.env);
  const [record, wordings, members] = await Promise.all([
    readCustomer(db, id, { limit: 1, offset: 0 }),
    listWordings(db),
    listMembers(db),
  ]);
  const page = record && (await listLedger(db, record.key, SHOWN, c.req.query('cursor')));
  if (!record || !page) return missing();
  if (record.id !== id) return seeOther(`/customers/${record.id}/consent`);
  const notice = noticeOf(c.req.query('done'));
  const told = { record, entries: page.items, more: page.nextCursor, wordings, form, members, notice };
  const shown = personConsentPage(told);
  return pageResponse(shown, { status });
}

async function noteWord(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const { typed, at } = readWord(await formOf(c.req.raw), runtime.clock.now());
  if (Object.keys(typed.faults).length > 0) return showPerson(c, id, typed, 422);
  const { purpose, channel, state, note, wording } = typed;
  const pairs = CONSENT_PAIRS.filter(
    (pair) => pair.purpose === purpose && (channel === 'all' || pair.channel === channel),
  );
  const consents = (pairs.length > 0 ? pairs : CONSENT_PAIRS.filter((pair) => pair.purpose === purpose)).map(
    (pair) => ({
      ...pair,
      state,
    }),
  );
  const proof = { note, by: await actorOf(c, runtime) };
  const said = { consents, basis: 'staff', at, proof, ...(wording !== '' && { wording }) } as const;
  return (await recordConsents(runtime, id, said)) ? seeOther(`/customers/${id}/consent?done=saved`) : missing();
}

async function lift(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const reason = SUPPRESSIONS.find((one) => one === form.text('reason'));
  const channel = CONSENT_CHANNELS.find((one) => one === form.text('channel'));
  if (!reason || !channel) return missing();
  const address = { channel, value: form.text('address'), reason, isLifted: true };
  const isDone = await suppressAddress(runtime, id, address, { note: 'lifted by staff' });
  return isDone ? seeOther(`/customers/${id}/consent?done=saved`) : missing();
}

async function showWordings(c: Staff, form: WordingForm, status = 200): Promise<Response> {
  const wordings = await listWordings(runtimeOf(c.env).db);
  return pageResponse(wordingsPage({ wordings, form, notice: noticeOf(c.req.query('done')) }), { status });
}

async function addText(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const fields = await formOf(c.req.raw);
  const form: WordingForm = {
    version: fields.text('version').trim().slice(0, 100),
    language: fields.text('language').trim().slice(0, 35),
    purpose: PURPOSES.find((one) => one === fields.text('purpose')) ?? 'marketing',
    text: fields.text('text').trim().slice(0, 4000),
    faults: {},
  };
  const faults: WordingForm['faults'] = {
    ...(!/^[\w.-]{1,100}$/.test(form.version) && {
      version: 'Use letters, digits, points and hyphens, such as newsletter-2.',
    }),
    ...(!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(form.language) && {
      language: 'Write a code such as en, bg or zh-Hans.',
    }),
    ...(form.text === '' && { text: 'Write the text as people read it.' }),
  };
  if (Object.keys(faults).length > 0) return showWordings(c, { ...form, faults }, 422);
  if (await addWording(runtime, form)) return seeOther('/consent?done=saved');
  const taken = { version: 'This version is there in this language with other words. Choose a new one.' };
  return showWordings(c, { ...form, faults: taken }, 422);
}

/** What people agreed to and refused, and the texts they were asked with. */
export const consentRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/customers/:id/consent', (c) => showPerson(c, c.req.param('id'), blankWord))
  .post('/customers/:id/consent', (c) => noteWord(c, c.req.param('id')))
  .post('/customers/:id/consent/lift', (c) => lift(c, c.req.param('id')))
  .get('/consent', (c) => showWordings(c, blankWording))
  .post('/consent', addText);
