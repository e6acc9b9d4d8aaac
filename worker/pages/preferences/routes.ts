import { Hono } from 'hono';
import { normaliseEmail } from '../../../schema/identifiers.ts';
import { linkOrigin } from '../../outbox/business.ts';
import { type Ending, leave, leftMail, sendFresh } from '../../outbox/leaving.ts';
import { liveLink, useLink } from '../../outbox/links.ts';
import { requestLink } from '../../outbox/requests.ts';
import { canSend } from '../../outbox/way.ts';
import type { Bindings } from '../../platform/env.ts';
import { type CheckedLink, checkLinkToken, type LinkPurpose } from '../../platform/link-token.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { isFlooding } from '../../sources/doors.ts';
import { askedPage, askPage, deadPage, donePage, faultPage, leavePage, openPage } from './link-pages.tsx';
import { ownRoutes } from './own-routes.ts';
import { fieldsOf, frameOf, giveAccess, isFromElsewhere, onTo, originOf, type Public } from './request.ts';

/**
 * The preference centre. A link in a mail opens nothing by being followed: programs follow links for people. It shows a button, and the
 * button uses it up and gives half an hour.
 */

/** What somebody wrote who asks for a link. */
async function ask(c: Public): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const [frame, isReady] = await Promise.all([frameOf(c), canSend(runtime)]);
  if (isFromElsewhere(c)) return faultPage(frame, 'elsewhere', 403);
  if (!isReady) return askPage(frame, { typed: '', isUnfit: false, canSend: false });
  const typed = (await fieldsOf(c.req.raw)).text('email').trim().slice(0, 254);
  const address = normaliseEmail(typed);
  if (address === null) return askPage(frame, { typed, isUnfit: true, canSend: true });
  const origin = await linkOrigin(runtime, originOf(c));
  await requestLink(runtime, { address, locale: frame.speech.locale, origin });
  return onTo(c, '/p/asked');
}

type Known = { readonly purpose: LinkPurpose; readonly link: CheckedLink };

/** What the token in the address is for; null for one that is not ours or is past its time. */
async function tokenOf(c: Public): Promise<Known | null> {
  const { tokenKey, clock } = runtimeOf(c.env);
  const token = c.req.param('token') ?? '';
  if (!tokenKey) return null;
  for (const purpose of ['preferences', 'unsubscribe'] as const) {
    const link = await checkLinkToken(tokenKey, purpose, token, clock.now());
    if (link) return { purpose, link };
  }
  return null;
}

const pathOf = (c: Public): string => `/p/${c.req.param('token') ?? ''}`;

async function showLink(c: Public): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const [frame, known] = await Promise.all([frameOf(c), tokenOf(c)]);
  if (known?.purpose === 'preferences' && (await liveLink(runtime, known.link))) return openPage(frame, pathOf(c));
  if (known?.purpose !== 'unsubscribe') return deadPage(frame);
  if (!(await leftMail(runtime, known.link))) return deadPage(frame);
  const isDone = c.req.query('done') === '1';
  return leavePage(frame, pathOf(c), { isDone, canSend: await canSend(runtime) });
}

async function open(c: Public, link: CheckedLink): Promise<Response> {
  const access = await useLink(runtimeOf(c.env), link);
  if (!access) return deadPage(await frameOf(c));
  giveAccess(c, access);
  return onTo(c, '/p/me');
}

const ENDINGS: readonly Ending[] = ['everything', 'marketing', 'research'];

async function endMails(c: Public, link: CheckedLink): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const fields = await fieldsOf(c.req.raw);
  const mail = await leftMail(runtime, link);
  const frame = await frameOf(c);
  // RFC 8058: the mailbox program posts this by itself, with no cookie and no origin, and wants an answer of 2xx and no redirect.
  if (fields.text('List-Unsubscribe') === 'One-Click') {
    if (mail) await leave(runtime, mail, 'one_click');
    return donePage(frame);
  }
  if (!mail) return deadPage(frame);
  if (isFromElsewhere(c)) return faultPage(frame, 'elsewhere', 403);
  const act = fields.text('act');
  if (act === 'fresh') {
    await sendFresh(runtime, mail, frame.speech.locale, await linkOrigin(runtime, originOf(c)));
    return onTo(c, '/p/asked');
  }
  const ending = ENDINGS.find((one) => one === act);
  if (ending) await leave(runtime, mail, ending);
  return onTo(c, pathOf(c), ending ? { done: '1' } : {});
}

async function useToken(c: Public): Promise<Response> {
  const known = await tokenOf(c);
  if (!known) return deadPage(await frameOf(c));
  if (known.purpose === 'unsubscribe') return endMails(c, known.link);
  if (isFromElsewhere(c)) return faultPage(await frameOf(c), 'elsewhere', 403);
  return open(c, known.link);
}

/** `/p`, `/p/:token`, and what they lead to. */
export const preferenceRoutes = new Hono<{ Bindings: Bindings }>()
  .use('/p/*', async (c, next) => {
    if (await isFlooding(c.env, 'preferences', c.req.raw)) return faultPage(await frameOf(c), 'tooMany', 429);
    return next();
  })
  .get('/p', async (c) =>
    askPage(await frameOf(c), { typed: '', isUnfit: false, canSend: await canSend(runtimeOf(c.env)) }),
  )
  .post('/p', ask)
  .get('/p/asked', async (c) => askedPage(await frameOf(c)))
  .route('/', ownRoutes)
  .get('/p/:token', showLink)
  .post('/p/:token', useToken);
