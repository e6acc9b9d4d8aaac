import { type Context, Hono } from 'hono';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { keepApart, mergeCustomers, revokeDecision } from '../../record/identity/rulings.ts';
import { reasonOf } from '../../record/suggestions/reason.ts';
import { actorOf } from '../../staff/session.ts';
import { argumentSentence } from '../argument-words.ts';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf, pathWith } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { PATH, suggestionsPage } from './suggestions-page.tsx';

type Staff = Context<{ Bindings: Bindings }>;

const missing = (): Response => problemPage(noSuchPage);
const queryOf = (c: Staff): URLSearchParams => new URL(c.req.url).searchParams;

/** Joins the two or keeps them apart; the reason is what the page showed. Back to the same part of the list. */
async function decide(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const [one, other] = [form.text('one'), form.text('other')];
  const isMerge = form.text('decision') === 'merge';
  const comparison = await reasonOf(runtime.db, one, other);
  if (!comparison) return missing();
  const said = (isMerge ? comparison.pro : comparison.contra).map(argumentSentence).join(' ');
  const reason = `Decided from the list of suggestions. ${said}`.trim().slice(0, 500);
  const ruled = await (isMerge ? mergeCustomers : keepApart)(runtime, one, other, {
    reason,
    actor: await actorOf(c, runtime),
  });
  const back = (changes: Record<string, string | null>) => seeOther(pathWith(PATH, queryOf(c), changes));
  if (!ruled.ok) return ruled.why === 'same_record' ? back({ done: 'one_already' }) : missing();
  return back({ done: isMerge ? 'merged' : 'kept_apart', decision: ruled.decisionId });
}

async function undo(c: Staff): Promise<Response> {
  const form = await formOf(c.req.raw);
  const id = form.text('decision');
  if (!/^\d{1,15}$/.test(id)) return missing();
  const runtime = runtimeOf(c.env);
  const by = { reason: 'Taken back on the list of suggestions.', actor: await actorOf(c, runtime) };
  const revoked = await revokeDecision(runtime, Number(id), by);
  return seeOther(`${PATH}?done=${revoked.ok ? 'undone' : 'cannot_undo'}`);
}

/** `/suggestions`: records that may be one person. */
export const suggestionRoutes = new Hono<{ Bindings: Bindings }>()
  .get(PATH, async (c) => {
    const page = await suggestionsPage(runtimeOf(c.env), queryOf(c), noticeOf(c.req.query('done')));
    return page ? pageResponse(page) : missing();
  })
  .post(PATH, decide)
  .post(`${PATH}/undo`, undo);
