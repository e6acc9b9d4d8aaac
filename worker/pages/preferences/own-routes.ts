import { Hono } from 'hono';
import { everythingRefused } from '../../../schema/consent.ts';
import { LOCALES } from '../../../schema/survey.ts';
import { WORDING } from '../../outbox/leaving.ts';
import { recipientOf } from '../../outbox/recipients.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { recordConsents } from '../../record/consent/ledger.ts';
import { writeEditsOf } from '../../record/edits.ts';
import { readCertificate } from '../../record/erasure/certificate.ts';
import { eraseOwn } from '../../record/erasure/erase.ts';
import { exportOwn } from '../../record/erasure/export.ts';
import { sweepErased } from '../../record/erasure/sweep.ts';
import { ownPart } from '../../record/identity/own-part.ts';
import { readOwn } from '../../record/own-record.ts';
import { personFile } from '../privacy/person-file.tsx';
import { pageResponse } from '../response.ts';
import { centrePage, surePage } from './centre-page.tsx';
import { changedChoices, choicesOf } from './choices.ts';
import { deadPage, erasedPage, faultPage, leftPage } from './link-pages.tsx';
import {
  type Access,
  closeAccess,
  currentAccess,
  dropAccess,
  fieldsOf,
  frameOf,
  isFromElsewhere,
  onTo,
  type Public,
} from './request.ts';
import { speechOf } from './speech.ts';

/** What a person who has followed their link sees and does. Reading changes nothing; what is posted must come from these pages. */

const SWEEP_STEPS = 4;
/** Messages and answers of theirs that the page shows. */
const WORDS = 8;
const NOTICES = ['consent.saved', 'all.done', 'language.saved'];

type Act = (c: Public, access: Access) => Promise<Response>;

/** With the record that this browser has open; the page of dead links else. */
const withAccess = (act: Act) => async (c: Public) => {
  const access = await currentAccess(c);
  if (!access) return deadPage(await frameOf(c));
  return act(c, access);
};

const posted = (act: Act) => async (c: Public) =>
  isFromElsewhere(c) ? faultPage(await frameOf(c), 'elsewhere', 403) : withAccess(act)(c);

async function show(c: Public, { link, owner, part }: Access): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const [frame, record, recipient] = await Promise.all([
    frameOf(c),
    readOwn(runtime.db, { ...owner, part }, WORDS),
    part === null ? recipientOf(runtime, owner.fragmentId) : null,
  ]);
  if (!record) return deadPage(frame);
  const done = c.req.query('done');
  return centrePage(frame, {
    record,
    isPart: part !== null,
    choices: choicesOf(record, record.standing),
    language: recipient?.language ?? record.profile.language?.value ?? null,
    until: link.expiresAt,
    notice: NOTICES.find((key) => key === done) ?? null,
  });
}

/** Writes what they chose for everything they are known as now. */
async function choose(c: Public, { link, owner, part }: Access): Promise<Response> {
  const fields = await fieldsOf(c.req.raw);
  const consents = changedChoices(fields.all('allow'), fields.all('shown'));
  if (consents.length > 0)
    await recordConsents(runtimeOf(c.env), owner.publicId, {
      consents,
      basis: 'preference_centre',
      wording: WORDING,
      proof: { page: '/p/me', link: link.id },
      speaker: { part, address: link.address },
    });
  return onTo(c, '/p/me', { done: 'consent.saved' });
}

async function refuseAll(c: Public, { link, owner }: Access): Promise<Response> {
  await recordConsents(runtimeOf(c.env), owner.publicId, {
    consents: everythingRefused(),
    basis: 'preference_centre',
    wording: WORDING,
    proof: { page: '/p/me', link: link.id },
  });
  return onTo(c, '/p/me', { done: 'all.done' });
}

/** Their own word on their language stands over what sources say, as a word of staff would. The page goes on in it. */
async function setLanguage(c: Public, { owner }: Access): Promise<Response> {
  const typed = (await fieldsOf(c.req.raw)).text('language');
  const value = LOCALES.find((locale) => locale === typed);
  if (value)
    await writeEditsOf(runtimeOf(c.env), owner.fragmentId, [{ field: 'language', value }], {
      actor: 'preference_centre',
      reason: null,
    });
  return onTo(c, '/p/me', { done: 'language.saved', ...(value && { lang: value }) });
}

async function erase(c: Public, { link, owner }: Access): Promise<Response> {
  const fields = await fieldsOf(c.req.raw);
  if (fields.text('confirm') !== 'erase') return onTo(c, '/p/me/erase');
  const runtime = runtimeOf(c.env);
  const findPart = () => ownPart(runtime.db, link.fragmentId, link.address);
  const isPart = (await findPart()) !== null;
  const certificate = await eraseOwn(runtime, owner.publicId, findPart);
  dropAccess(c);
  if (!certificate) return onTo(c, '/p/left');
  await sweepErased(runtime, SWEEP_STEPS);
  return onTo(c, `/p/erased/${certificate.id}`, isPart ? { part: '1' } : {});
}

const attachment = (name: string) => ({
  'content-disposition': `attachment; filename="${name}"`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
});

async function downloadJson(c: Public, { owner, part }: Access): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const held = await exportOwn(db, owner.publicId, part);
  const body = { ...held, exportedAt: new Date(clock.now()).toISOString() };
  return Response.json(body, { headers: { ...attachment('my-data.json'), 'x-content-type-options': 'nosniff' } });
}

async function downloadPage(c: Public, { owner, part }: Access): Promise<Response> {
  const { db, clock } = runtimeOf(c.env);
  const held = await exportOwn(db, owner.publicId, part);
  if (!held) return deadPage(await frameOf(c));
  return pageResponse(personFile(held, clock.now(), speechOf(c)), { headers: attachment('my-data.html') });
}

/** `/p/me/*`, `/p/left`, `/p/erased/:id`. */
export const ownRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/p/me', withAccess(show))
  .get('/p/me/data.json', withAccess(downloadJson))
  .get('/p/me/data.html', withAccess(downloadPage))
  .get(
    '/p/me/erase',
    withAccess(async (c, { part }) => surePage(await frameOf(c), part !== null)),
  )
  .post('/p/me/choices', posted(choose))
  .post('/p/me/everything', posted(refuseAll))
  .post('/p/me/language', posted(setLanguage))
  .post('/p/me/erase', posted(erase))
  .post(
    '/p/me/close',
    posted(async (c) => {
      await closeAccess(c);
      return onTo(c, '/p/left');
    }),
  )
  .get('/p/left', async (c) => leftPage(await frameOf(c)))
  .get('/p/erased/:id', async (c) => {
    const certificate = await readCertificate(runtimeOf(c.env).db, c.req.param('id'));
    const frame = await frameOf(c);
    return certificate ? erasedPage(frame, certificate, c.req.query('part') === '1') : deadPage(frame);
  });
