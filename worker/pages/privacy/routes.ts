import { type Context, Hono } from 'hono';
import { nudge } from '../../minute.ts';
import { readBusiness } from '../../outbox/business.ts';
import { changeBusiness } from '../../outbox/settings.ts';
import { makeStaffLink, sendStaffLink } from '../../outbox/staff-links.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import {
  DECISIONS,
  decideSourceErasure,
  listSourceErasures,
  MAX_GRACE_HOURS,
  readGrace,
  setGrace,
} from '../../reactions/source-erasures.ts';
import { countKept } from '../../record/consent/kept.ts';
import { readCustomer } from '../../record/customer.ts';
import { listCertificates, readCertificate } from '../../record/erasure/certificate.ts';
import { eraseCustomer, subjectOf } from '../../record/erasure/erase.ts';
import { exportPerson } from '../../record/erasure/export.ts';
import { findMentions, nameMentions } from '../../record/erasure/mentions.ts';
import { planErasure } from '../../record/erasure/plan.ts';
import { STAFF_REASONS } from '../../record/erasure/reasons.ts';
import { readRetention } from '../../record/erasure/retention.ts';
import { sweepErased } from '../../record/erasure/sweep.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { speechIn } from '../preferences/speech.ts';
import { pageResponse, seeOther } from '../response.ts';
import type { GraceForm } from './asked-list.tsx';
import { CONFIRMATION, type EraseForm, erasePage } from './erase-page.tsx';
import { linkPage } from './link-page.tsx';
import { personFile } from './person-file.tsx';
import { certificatePage, privacyPage } from './privacy-page.tsx';
import { setRules } from './retain.ts';
import { formOfRetention, type RetentionForm } from './retention-form.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);
/** Steps of the search through bodies before the certificate is shown; cron does the rest. */
const SWEEP_STEPS = 4;
const SHOWN = 50;

async function showErase(c: Staff, id: string, form: EraseForm): Promise<Response> {
  const { db } = runtimeOf(c.env);
  const [record, subject] = await Promise.all([readCustomer(db, id, { limit: 1, offset: 0 }), subjectOf(db, id)]);
  if (!record || !subject) return missing();
  const plan = await planErasure(db, subject);
  const mentions = await nameMentions(db, await findMentions(db, plan));
  const page = erasePage({ id: record.id, name: record.displayName, plan, mentions, form });
  return pageResponse(page, { status: form.fault === null ? 200 : 422 });
}

async function eraseOne(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const reason = STAFF_REASONS.find((candidate) => candidate === form.text('reason')) ?? 'person_asked';
  if (form.text('confirmation').trim().toLowerCase() !== CONFIRMATION)
    return showErase(c, id, { reason, fault: `Type the word “${CONFIRMATION}”. Nothing was erased.` });
  const certificate = await eraseCustomer(runtime, id, reason);
  if (!certificate) return missing();
  await sweepErased(runtime, SWEEP_STEPS);
  return seeOther(`/privacy/erasures/${certificate.id}?done=erased`);
}

const NOT_SENT = { nobody: 'link_no_address', no_address: 'link_no_address', cannot_send: 'link_cannot_send' } as const;

/** Hands somebody the link to their own data: by mail, or for staff to pass on. */
async function giveLink(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const { origin } = new URL(c.req.url);
  if ((await formOf(c.req.raw)).text('act') === 'send') {
    const sent = await sendStaffLink(runtime, id, origin);
    return seeOther(`/customers/${id}?done=${sent.ok ? 'link_sent' : NOT_SENT[sent.why]}`);
  }
  const [record, link] = await Promise.all([
    readCustomer(runtime.db, id, { limit: 1, offset: 0 }),
    makeStaffLink(runtime, id, origin),
  ]);
  return record && link ? pageResponse(linkPage({ id: record.id, name: record.displayName, link })) : missing();
}

async function download(c: Staff, id: string): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const held = await exportPerson(db, id);
  if (!held) return missing();
  const disposition = `attachment; filename="person-${held.customerId}.html"`;
  return pageResponse(personFile(held, clock.now(), speechIn('en')), {
    headers: { 'content-disposition': disposition },
  });
}

async function showPrivacy(
  c: Staff,
  { retention: typed, grace }: { readonly retention?: RetentionForm; readonly grace?: GraceForm },
  status = 200,
): Promise<Response> {
  const { db } = runtimeOf(c.env);
  const [business, retention, page, kept, asked, hours] = await Promise.all([
    readBusiness({ db }),
    readRetention(db),
    listCertificates(db, SHOWN),
    countKept(db),
    listSourceErasures({ db }),
    readGrace({ db }),
  ]);
  const form = typed ?? formOfRetention(retention);
  const shown = { business, form, certificates: page?.items ?? [], kept, asked };
  const notice = noticeOf(c.req.query('done'));
  return pageResponse(privacyPage({ ...shown, grace: grace ?? { typed: String(hours), fault: null }, notice }), {
    status,
  });
}

async function retain(c: Staff): Promise<Response> {
  const { form, status } = await setRules(runtimeOf(c.env), await formOf(c.req.raw));
  return form === null ? seeOther('/privacy?done=saved') : showPrivacy(c, { retention: form }, status);
}

async function graceBy(c: Staff): Promise<Response> {
  const typed = (await formOf(c.req.raw)).text('grace').trim();
  const hours = /^\d{1,4}$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(hours <= MAX_GRACE_HOURS))
    return showPrivacy(c, { grace: { typed, fault: `Write a number of hours from 0 to ${MAX_GRACE_HOURS}.` } }, 422);
  await setGrace(runtimeOf(c.env), hours);
  return seeOther('/privacy?done=saved');
}

/** Begins what a source asked for, or stops it. Who was faster is seen on the page. */
async function decideAsked(c: Staff, id: string): Promise<Response> {
  const act = (await formOf(c.req.raw)).text('act');
  const decision = DECISIONS.find((one) => one === act);
  const isDone = decision !== undefined && (await decideSourceErasure(runtimeOf(c.env), id, decision));
  if (isDone && decision !== 'stop') c.executionCtx.waitUntil(nudge(c.env));
  return seeOther(isDone ? '/privacy?done=saved' : '/privacy');
}

/** Erasing a person, handing them their data, and how long anybody is kept. */
export const privacyRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/customers/:id/erase', (c) => showErase(c, c.req.param('id'), { reason: 'person_asked', fault: null }))
  .post('/customers/:id/erase', (c) => eraseOne(c, c.req.param('id')))
  .get('/customers/:id/export', (c) => download(c, c.req.param('id')))
  // A link is shown once.
  .get('/customers/:id/preference-link', (c) => seeOther(`/customers/${c.req.param('id')}`))
  .post('/customers/:id/preference-link', (c) => giveLink(c, c.req.param('id')))
  .get('/privacy', (c) => showPrivacy(c, {}))
  .get('/privacy/grace', () => seeOther('/privacy'))
  .post('/privacy/grace', graceBy)
  .get('/privacy/source-erasures/:id', () => seeOther('/privacy'))
  .post('/privacy/source-erasures/:id', (c) => decideAsked(c, c.req.param('id')))
  .get('/privacy/business', () => seeOther('/privacy'))
  .post('/privacy/business', async (c) => {
    const form = await formOf(c.req.raw);
    await changeBusiness(runtimeOf(c.env), { name: form.text('name'), contact: form.text('contact') });
    return seeOther('/privacy?done=saved');
  })
  // What did not fit is shown where it was sent to: who reads it again there comes to the form.
  .get('/privacy/retention', () => seeOther('/privacy'))
  .post('/privacy/retention', retain)
  .get('/privacy/erasures/:id', async (c) => {
    const { db } = runtimeOf(c.env);
    const certificate = await readCertificate(db, c.req.param('id'));
    if (!certificate) return missing();
    const mentions = await nameMentions(db, certificate.mentions);
    return pageResponse(certificatePage(certificate, mentions, noticeOf(c.req.query('done'))));
  });
