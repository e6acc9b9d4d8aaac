import { type Context, Hono } from 'hono';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { liveTogether } from '../../record/groups/membership.ts';
import { keepApart, mergeCustomers, revokeDecision } from '../../record/identity/rulings.ts';
import { keepAllApart, mergeAll } from '../../record/identity/rulings-on-many.ts';
import { MOST_IN_GROUP } from '../../record/suggestions/groups.ts';
import { reasonOf } from '../../record/suggestions/reason.ts';
import { actorOf } from '../../staff/session.ts';
import { argumentSentence } from '../argument-words.ts';
import { DECISIONS } from '../components/take-back.tsx';
import { noSuchPage, problemPage } from '../errors.tsx';
import { formOf, localPath, pathWith } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { pageResponse, seeOther } from '../response.ts';
import { PATH } from './pair-card.tsx';
import { suggestionsPage } from './suggestions-page.tsx';

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
  const back = (changes: Record<string, string | null>) => seeOther(pathWith(PATH, queryOf(c), changes));
  if (form.text('decision') === 'household') {
    const by = { actor: await actorOf(c, runtime), reason: 'Decided from the list of suggestions.' };
    return (await liveTogether(runtime, one, other, by)) === null ? missing() : back({ done: 'together' });
  }
  const said = (isMerge ? comparison.pro : comparison.contra).map(argumentSentence).join(' ');
  const reason = `Decided from the list of suggestions. ${said}`.trim().slice(0, 500);
  const ruled = await (isMerge ? mergeCustomers : keepApart)(runtime, one, other, {
    reason,
    actor: await actorOf(c, runtime),
  });
  if (!ruled.ok) return ruled.why === 'same_record' ? back({ done: 'one_already' }) : missing();
  return back({ done: isMerge ? 'merged' : 'kept_apart', decision: ruled.decisionId });
}

/** Most that can be ticked: the records of one group. */
const MOST_TICKED = MOST_IN_GROUP;

/** Joins those that were ticked, or keeps each two of them apart; the list told what they share. */
async function decideOnMany(c: Staff): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const form = await formOf(c.req.raw);
  const ticked = form.texts('person').slice(0, MOST_TICKED);
  const isMerge = form.text('decision') === 'merge';
  const ruled = await (isMerge ? mergeAll : keepAllApart)(runtime, ticked, {
    reason: 'Decided from the list of suggestions, of several records together.',
    actor: await actorOf(c, runtime),
  });
  const back = (changes: Record<string, string | null>) => seeOther(pathWith(PATH, queryOf(c), changes));
  if (ruled.ok) return back({ done: isMerge ? 'merged_all' : 'kept_apart_all', decision: ruled.decisionIds.join(',') });
  if (ruled.why === 'no_such_customer') return missing();
  const done = ruled.why === 'too_few' ? 'tick_two' : 'were_kept_apart';
  const group = form.text('group');
  if (group === '') return back({ done, decision: null });
  const kept = { group, ticked, fault: noticeOf(done)?.text ?? '' };
  const page = await suggestionsPage(runtime, queryOf(c), null, kept);
  return page ? pageResponse(page, { status: 422 }) : missing();
}

async function undo(c: Staff): Promise<Response> {
  const form = await formOf(c.req.raw);
  const decisions = form.text('decision');
  if (!DECISIONS.test(decisions)) return missing();
  const runtime = runtimeOf(c.env);
  const by = { reason: 'Taken back on the list of suggestions.', actor: await actorOf(c, runtime) };
  const isUndone: boolean[] = [];
  for (const id of decisions.split(',')) isUndone.push((await revokeDecision(runtime, Number(id), by)).ok);
  const back = localPath(form.text('back'), new URL(c.req.url).origin, PATH);
  return seeOther(`${back.split('?', 1)[0]}?done=${isUndone.includes(true) ? 'undone' : 'cannot_undo'}`);
}

/** `/suggestions`: records that may be one person. */
export const suggestionRoutes = new Hono<{ Bindings: Bindings }>()
  .get(PATH, async (c) => {
    const page = await suggestionsPage(runtimeOf(c.env), queryOf(c), noticeOf(c.req.query('done')));
    return page ? pageResponse(page) : missing();
  })
  .post(PATH, decide)
  .post(`${PATH}/group`, decideOnMany)
  .post(`${PATH}/undo`, undo);
