import * as v from 'valibot';
import { questionKinds } from '../../schema/questions.gen.ts';
import type { Question, RawAnswer, SiteMessage, Survey } from '../../schema/survey.ts';
import type { Runtime } from '../platform/env.ts';
import { utf8 } from '../platform/hmac.ts';
import type { Delivery, Misfit } from '../sources/provider.ts';
import { store } from '../sources/receive.ts';
import type { HostedSurvey } from './hosted.ts';

/** What somebody typed, by question, as a form posts it. */
export type Given = Readonly<Record<string, string>>;
/** What is wrong with the answer to a question: there is none, or it is none that the question knows. */
export type Fault = 'missing' | 'unfit';

export type Outcome =
  | { readonly kind: 'recorded' }
  /** The same response came before; nothing was added. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'faulty'; readonly faults: ReadonlyMap<string, Fault> };

export type SurveyResponse = {
  /** Made with the page, so that sending the page twice counts once. */
  readonly id: string;
  readonly locale: string;
  /** The page it was given on. */
  readonly url: string;
  readonly given: Given;
};

const isGiven = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

const answersOf = (survey: Survey, given: Given): RawAnswer[] =>
  survey.questions.flatMap(({ id }) => {
    const value = given[id];
    return isGiven(value) ? [{ question: id, value }] : [];
  });

/** Required questions without an answer; where nothing at all was answered, the first question. */
function missing({ questions }: Survey, given: Given): ReadonlyMap<string, Fault> {
  const isEmpty = questions.every(({ id }) => !isGiven(given[id]));
  const wanted = questions.filter(
    ({ id, required }, index) => (required || (isEmpty && index === 0)) && !isGiven(given[id]),
  );
  return new Map(wanted.map(({ id }) => [id, 'missing' as const]));
}

/** Which question a misfit of the message is about; what is about none is laid at the first that was answered. */
function unfit(misfits: readonly Misfit[], answers: readonly RawAnswer[]): ReadonlyMap<string, Fault> {
  const questions = misfits.map(({ path }) => {
    const index = Number(/^\$\.events\[0\]\.answers\[(\d+)\]/.exec(path)?.[1] ?? 0);
    return (answers[index] ?? answers[0])?.question ?? '';
  });
  return new Map(questions.map((question) => [question, 'unfit' as const]));
}

/**
 * Records a response as the widget's own message would be: translated and stored by the same provider, so that the same
 * rules hold and the delivery log shows it. What a person left out is no misfit of a sender and is told before.
 */
export async function recordResponse(
  runtime: Runtime,
  hosted: HostedSurvey,
  response: SurveyResponse,
): Promise<Outcome> {
  const { settings, source, provider } = hosted;
  const lacking = missing(settings.survey, response.given);
  if (lacking.size > 0) return { kind: 'faulty', faults: lacking };
  const answers = answersOf(settings.survey, response.given);
  const now = runtime.clock.now();
  const message: SiteMessage = {
    // Nothing is kept in the browser, so that a response is all that is known of its visitor.
    visitor: response.id,
    locale: response.locale,
    page: { url: response.url, title: '', referrer: '' },
    events: [{ id: response.id, at: now, type: 'survey_answered', survey: settings.survey.id, answers }],
  };
  const delivery: Delivery = {
    method: 'POST',
    url: new URL(response.url),
    headers: new Headers({ 'content-type': 'application/json' }),
    body: utf8(JSON.stringify(message)),
  };
  const received = await store(runtime, source, provider, delivery, { at: now, assurance: null });
  if (received.outcome === 'malformed') return { kind: 'faulty', faults: unfit(received.misfits, answers) };
  return { kind: received.outcome === 'accepted' && received.stored === 0 ? 'repeated' : 'recorded' };
}

/** The answers a link may choose beforehand, `?nps=9`: of questions on a scale, where it is a step of it. */
export function chosenBy(survey: Survey, query: URLSearchParams): Given {
  const chosen = survey.questions.flatMap((question): [string, string][] => {
    const value = query.get(question.id);
    return value !== null && isStep(question, value) ? [[question.id, value]] : [];
  });
  return Object.fromEntries(chosen);
}

function isStep({ kind: name }: Question, value: string): boolean {
  const kind = questionKinds.find((candidate) => candidate.kind === name);
  return kind !== undefined && kind.scale !== null && v.is(kind.schema, value);
}
