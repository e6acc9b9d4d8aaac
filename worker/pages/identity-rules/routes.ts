import { type Context, Hono } from 'hono';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { LIMITS, type Limits } from '../../record/identity/limits.ts';
import { MOST_NEVER, readIdentityRules, readNever, setLimits, setNeverJoin } from '../../record/identity/rules.ts';
import { settleOverdue } from '../../record/identity/settle.ts';
import { formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { MOST, PATH, rulesPage, typedOf } from './rules-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

/** What changed is worked out after the answer; what is more than one turn is left to the minute's run. */
function saved(c: Staff): Response {
  const { db, clock } = runtimeOf(c.env);
  c.executionCtx.waitUntil(settleOverdue(db, clock));
  return seeOther(`${PATH}?done=saved`);
}

async function saveNever(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const never = (await formOf(c.req.raw)).text('never');
  const { values, wrong } = readNever(never.split('\n'));
  if (wrong.length > 0) {
    const fault = `${MOST_NEVER} values of at most 254 characters fit. This does not: ${wrong[0]?.slice(0, 60)}`;
    const typed = typedOf(await readIdentityRules(runtime.db));
    return pageResponse(rulesPage({ ...typed, never, faults: { never: fault } }, null), { status: 422 });
  }
  await setNeverJoin(runtime, values);
  return saved(c);
}

async function saveLimits(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const typed = LIMITS.map((name) => [name, form.text(name).trim()] as const);
  const wrong = typed.filter(([, text]) => !/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > MOST);
  if (wrong.length > 0) {
    const known = typedOf(await readIdentityRules(runtime.db));
    const faults = Object.fromEntries(wrong.map(([name]) => [name, `A whole number from 1 to ${MOST}.`]));
    const limits = { ...known.limits, ...Object.fromEntries(typed) };
    return pageResponse(rulesPage({ ...known, limits, faults }, null), { status: 422 });
  }
  const before = (await readIdentityRules(runtime.db)).limits;
  const limits: Limits = { ...before, ...Object.fromEntries(typed.map(([name, text]) => [name, Number(text)])) };
  await setLimits(runtime, limits);
  return saved(c);
}

/** `/identity`: rules of who is who. */
export const identityRuleRoutes = new Hono<{ Bindings: Bindings }>()
  .get(PATH, async (c) =>
    pageResponse(rulesPage(typedOf(await readIdentityRules(runtimeOf(c.env).db)), noticeOf(c.req.query('done')))),
  )
  // What did not fit is shown where it was sent to: who reads it again there comes to the forms.
  .get(`${PATH}/never`, () => seeOther(PATH))
  .get(`${PATH}/limits`, () => seeOther(PATH))
  .post(`${PATH}/never`, saveNever)
  .post(`${PATH}/limits`, saveLimits);
