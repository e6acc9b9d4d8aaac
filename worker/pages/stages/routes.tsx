import { type Context, Hono } from 'hono';
import { STAGES } from '../../../schema/vocabulary.ts';
import type { Bindings, Runtime } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { dayFrom } from '../../record/products/cost-sheet.ts';
import { followStages } from '../../record/stages/follow.ts';
import { setStage } from '../../record/stages/override.ts';
import { RULED, type RuleTexts, readRules, saveVersion } from '../../record/stages/rules.ts';
import { actorOf } from '../../staff/session.ts';
import { MAX_REASON } from '../components/record/stage-form.tsx';
import { noSuchPage, problemPage } from '../errors.tsx';
import { type Form, formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { MAX_NOTE, type RulesForm } from './rules-form.tsx';
import { stagesPage } from './stages-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

/** Steps done before the answer, so that a small business sees what it saved; cron does the rest. */
const STEPS_AT_ONCE = 6;

async function workSome(runtime: Runtime): Promise<void> {
  for (let step = 0; step < STEPS_AT_ONCE && (await followStages(runtime)); step++);
}

function rulesFormOf(form: Form): RulesForm {
  const texts = Object.fromEntries(RULED.map((stage) => [stage, form.text(stage).trim()])) as RuleTexts;
  const read = readRules(texts);
  return {
    texts,
    note: form.text('note').trim().slice(0, MAX_NOTE),
    isForPast: form.text('past') === '1',
    faults: read.ok ? {} : read.faults,
  };
}

async function take(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const posted = await formOf(c.req.raw);
  const form = rulesFormOf(posted);
  const isFaulty = Object.keys(form.faults).length > 0;
  if (isFaulty || posted.text('do') !== 'save')
    return pageResponse(await stagesPage(runtime, { form }, true), { status: isFaulty ? 422 : 200 });
  await saveVersion(runtime.db, runtime.clock.now(), { ...form, actor: await actorOf(c, runtime) });
  await workSome(runtime);
  return seeOther('/stages?done=stages_saved');
}

const DAY_MS = 24 * 3600 * 1000;

/** The end of the day that was typed, UTC; null for none, undefined for what is no day to come. */
function untilOf(text: string, now: number): number | null | undefined {
  if (text === '') return null;
  const day = dayFrom(text);
  return day === null || day + DAY_MS <= now ? undefined : day + DAY_MS;
}

async function setByHand(c: Staff, id: string): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const back = (word: string): Response => seeOther(`/customers/${encodeURIComponent(id)}?done=${word}#stage`);
  if (form.text('do') === 'release') {
    const isThere = await setStage(
      runtime,
      id,
      { stage: null, untilAt: null },
      { actor: await actorOf(c, runtime), reason: null },
    );
    return isThere ? back('stage_given_back') : problemPage(noSuchPage);
  }
  const stage = STAGES.find((one) => one === form.text('stage'));
  const reason = form.text('reason').trim().slice(0, MAX_REASON);
  const untilAt = untilOf(form.text('until').trim(), runtime.clock.now());
  if (!stage || reason === '' || untilAt === undefined) return back('stage_not_set');
  const isThere = await setStage(runtime, id, { stage, untilAt }, { actor: await actorOf(c, runtime), reason });
  return isThere ? back('stage_set') : problemPage(noSuchPage);
}

/** Stages and their rules. Behind the session guard. */
export const stageRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/stages', async (c) => {
    const version = Number(c.req.query('version') ?? Number.NaN);
    const notice = noticeOf(c.req.query('done'));
    return pageResponse(
      await stagesPage(runtimeOf(c.env), { notice, version: Number.isSafeInteger(version) ? version : null }),
    );
  })
  .post('/stages', take)
  .post('/customers/:id/stage', (c) => setByHand(c, c.req.param('id')));
