import { type Context, Hono } from 'hono';
import { normaliseEmail } from '../../../schema/identifiers.ts';
import { keepOrigin } from '../../outbox/business.ts';
import { latestMails, putMail } from '../../outbox/mails.ts';
import { changeMailSettings, type MailSettings, type Misfits, readMailSettings } from '../../outbox/settings.ts';
import { wayOut } from '../../outbox/way.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { mailPage } from './mail-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const SHOWN = 50;

type Typed = {
  readonly settings?: MailSettings;
  readonly misfits?: Misfits;
  readonly test?: { readonly typed: string; readonly fault: string };
};

async function show(c: Staff, typed: Typed = {}): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const [{ settings, possible, mailboxes, business }, mails] = await Promise.all([
    readMailSettings(runtime),
    latestMails(runtime.db, SHOWN),
  ]);
  const page = mailPage({
    settings: typed.settings ?? settings,
    possible,
    mailboxes,
    mails,
    misfits: typed.misfits ?? {},
    way: await wayOut(runtime, business),
    isKept: __DEV__ && settings.way === 'none',
    test: typed.test ?? { typed: '', fault: null },
    notice: noticeOf(c.req.query('done')),
    now: runtime.clock.now(),
  });
  return pageResponse(page, { status: typed.misfits || typed.test ? 422 : 200 });
}

async function save(c: Staff): Promise<Response> {
  const form = await formOf(c.req.raw);
  const settings: MailSettings = {
    way: form.text('way') || 'none',
    address: form.text('address').trim() || null,
    answersTo: form.text('answersTo') || null,
  };
  const runtime = runtimeOf(c.env);
  const misfits = await changeMailSettings(runtime, settings);
  if (Object.keys(misfits).length > 0) return show(c, { settings, misfits });
  await keepOrigin(runtime, new URL(c.req.url).origin);
  return seeOther('/mail?done=saved');
}

async function sendTest(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const typed = (await formOf(c.req.raw)).text('to').trim();
  const address = normaliseEmail(typed);
  if (address === null) return show(c, { test: { typed, fault: 'Write a mail address such as ann@example.com.' } });
  if (!(await wayOut(runtime))) return seeOther('/mail?done=cannot_send');
  const { origin } = new URL(c.req.url);
  await keepOrigin(runtime, origin);
  await putMail(runtime, {
    id: runtime.clock.uuid(),
    template: 'test',
    locale: 'en',
    origin,
    address,
    madeBy: 'staff',
  });
  return seeOther('/mail?done=test_mail');
}

/** `/mail`: how mails go out, and what became of them. */
export const mailRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/mail', (c) => show(c))
  .post('/mail', save)
  // An address that does not fit is said where it was sent to: who reads it again there comes to the form.
  .get('/mail/test', () => seeOther('/mail'))
  .post('/mail/test', sendTest);
