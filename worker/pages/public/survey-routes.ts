import { type Context, Hono } from 'hono';
import * as v from 'valibot';
import { textOn } from '../../../widgets/embed/contrast.ts';
import { readBody, readForm } from '../../platform/body.ts';
import { DatabaseBusy } from '../../platform/database.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { isFlooding } from '../../sources/doors.ts';
import { findHostedSurvey, type HostedSurvey } from '../../surveys/hosted.ts';
import { chosenBy, type Given, recordResponse } from '../../surveys/response.ts';
import { seeOther } from '../response.ts';
import { type Speech, speechFor, wishesOf } from './locale.ts';
import { messagePage } from './message-page.tsx';
import { RESPONSE_FIELD, surveyPage, thanksPage } from './survey-page.tsx';

type Env = { Bindings: Bindings };
/** Ten answers of 5,000 characters, each of which a form may write as nine bytes and more. */
const MAX_BODY = 1024 * 1024;

function speechOf(c: Context<Env>, hosted: HostedSurvey | null): Speech {
  const wanted = c.req.query('lang');
  const owners = hosted?.settings.locale;
  return speechFor([
    ...(wanted ? [wanted.slice(0, 35)] : []),
    ...(owners && owners !== 'auto' ? [owners] : []),
    ...wishesOf(c.req.header('accept-language')),
  ]);
}

function notFoundPage(c: Context<Env>): Response {
  const speech = speechOf(c, null);
  return messagePage({ speech, heading: speech.text('page.notFound'), status: 404 });
}

/**
 * Pages of other sites may not send in a visitor's name, unless the owner lists them. Our own form says `null`: it stands on a
 * page that gives no referrer.
 */
function isFromElsewhere(c: Context<Env>, { settings }: HostedSurvey): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined || origin === 'null' || origin === new URL(c.req.url).origin) return false;
  return !settings.origins.some((allowed) => new URL(allowed).origin === origin);
}

const isUuid = (value: unknown): value is string => v.is(v.pipe(v.string(), v.uuid()), value);

/** The fields of the posted form, one text a name. Null when the body is none. */
async function postedFields(request: Request): Promise<Readonly<Record<string, string>> | null> {
  const body = await readBody(request, MAX_BODY);
  const fields = body && (await readForm(body, request.headers.get('content-type') ?? ''));
  if (!fields) return null;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : (value[0] ?? '')]),
  );
}

async function answer(c: Context<Env>, hosted: HostedSurvey): Promise<Response> {
  const speech = speechOf(c, hosted);
  const { text, locale } = speech;
  if (isFromElsewhere(c, hosted)) return messagePage({ speech, heading: text('page.refused'), status: 403 });
  if (await isFlooding(c.env, hosted.token, c.req.raw))
    return messagePage({ speech, heading: text('page.tooMany'), status: 429, headers: { 'retry-after': '60' } });
  const fields = await postedFields(c.req.raw);
  const posted = fields?.[RESPONSE_FIELD];
  const responseId = isUuid(posted) ? posted : crypto.randomUUID();
  const given: Given = fields ?? {};
  const page = { hosted, speech, responseId, given };
  const url = new URL(`/s/${hosted.token}`, c.req.url).href;
  try {
    const outcome = await recordResponse(runtimeOf(c.env), hosted, { id: responseId, locale, url, given });
    if (outcome.kind === 'faulty') return surveyPage({ ...page, faults: outcome.faults, status: 422 });
    const repeated = outcome.kind === 'repeated' ? '&again=1' : '';
    return seeOther(`/s/${encodeURIComponent(hosted.token)}/thanks?lang=${locale}${repeated}`);
  } catch (error) {
    if (!(error instanceof DatabaseBusy)) throw error;
    // What was typed comes back with the page, and its id with it: sending again counts once.
    return surveyPage({ ...page, trouble: text('page.retry'), status: 503 });
  }
}

/** `/s/:token`: the survey of a site source as a page of its own. Reading it records nothing; only sending does. */
export const surveyRoutes = new Hono<Env>()
  .get('/s/:token/accent.css', async (c) => {
    const hosted = await findHostedSurvey(runtimeOf(c.env), c.req.param('token'));
    if (!hosted) return c.notFound();
    const { accent } = hosted.settings;
    return new Response(`:root{--rp-accent:${accent};--rp-on:${textOn(accent)}}`, {
      headers: {
        'content-type': 'text/css; charset=utf-8',
        'cache-control': 'public, max-age=300',
        'x-content-type-options': 'nosniff',
      },
    });
  })
  .get('/s/:token/thanks', async (c) => {
    const hosted = await findHostedSurvey(runtimeOf(c.env), c.req.param('token'));
    if (!hosted) return notFoundPage(c);
    return thanksPage(hosted, { speech: speechOf(c, hosted), isRepeated: c.req.query('again') === '1' });
  })
  .get('/s/:token', async (c) => {
    const hosted = await findHostedSurvey(runtimeOf(c.env), c.req.param('token'));
    if (!hosted) return notFoundPage(c);
    const chosen = chosenBy(hosted.settings.survey, new URL(c.req.url).searchParams);
    return surveyPage({ hosted, speech: speechOf(c, hosted), responseId: crypto.randomUUID(), given: chosen, chosen });
  })
  .post('/s/:token', async (c) => {
    const hosted = await findHostedSurvey(runtimeOf(c.env), c.req.param('token'));
    return hosted ? answer(c, hosted) : notFoundPage(c);
  });
