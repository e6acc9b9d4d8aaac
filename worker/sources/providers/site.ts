import type { Assurance } from '../../../schema/customer.ts';
import type { QuestionKind } from '../../../schema/question.ts';
import { questionKinds } from '../../../schema/questions.gen.ts';
import { type SiteEvent, SiteMessage, SiteSettings } from '../../../schema/survey.ts';
import type { Answer, Json, PersonInput, TouchpointInput } from '../../../schema/touchpoint.ts';
import type { Direction, Initiator } from '../../../schema/vocabulary.ts';
import { parseJson } from '../../platform/json.ts';
import { originVerdict } from '../credentials.ts';
import { withoutQuery } from '../page-url.ts';
import { email, identifierOf, identifiers, own, personKey, phone, visitorKey } from '../person.ts';
import type {
  Delivery,
  Misfit,
  Provider,
  SetupStep,
  TranslateContext,
  Translation,
  Verdict,
  VerifyContext,
} from '../provider.ts';
import {
  epochTimeOf,
  firstOf,
  type JsonObject,
  knownTexts,
  NAME_LIMIT,
  objectOf,
  parseWith,
  settingsParser,
  TEXT_LIMIT,
  textOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { flat } from '../segment/data.ts';
import { installs } from '../site/installs.ts';
import { confirmSteps, tokenSteps } from '../site/recipes.ts';
import { type Claims, makeToken, provesVisitor, readClaims } from '../site/token.ts';

const setup: readonly SetupStep[] = [
  { text: 'Copy this line.', copy: 'snippet' },
  {
    text: 'Paste it into your site just before </body>, on every page. Below it is said where that is, builder by builder.',
  },
  { text: 'List your site\'s addresses under "Allowed addresses", so that no other page can send in your name.' },
  {
    text: 'For your privacy statement: this page says in five languages what the widget keeps in a browser, when, why and until when. Link to it, or paste from it.',
    code: '{origin}/w/{key}/storage',
  },
  { text: 'Open your site: the button appears at the edge of the page, and its first event appears here.' },
];

/** Who acts: the survey is shown by us, everything else is done by the visitor. */
const ACTORS: Readonly<Record<SiteEvent['type'], { readonly direction: Direction; readonly initiator: Initiator }>> = {
  survey_shown: { direction: 'out', initiator: 'company' },
  survey_answered: { direction: 'in', initiator: 'customer' },
  survey_dismissed: { direction: 'in', initiator: 'customer' },
  page_viewed: { direction: 'in', initiator: 'customer' },
};

type Answers = { readonly answers: readonly Answer[]; readonly misfits: readonly Misfit[] };

/** Whatever a browser says is a claim, since anybody can send it; only what its token says is proven. The events of one message stand or fall together. */
function translate(payload: Json, _delivery: Delivery, { settings: raw, assurance }: TranslateContext): Translation {
  const settings = parseWith(SiteSettings, raw);
  if (!settings.ok) return settings;
  const parsed = parseWith(SiteMessage, payload);
  if (!parsed.ok) return parsed;
  const message = parsed.value;
  const readings = message.events.map((event, index) => readEvent(event, `$.events[${index}]`, settings.value.survey));
  const misfits = readings.flatMap((reading) => reading.misfits);
  if (misfits.length > 0) return { ok: false, misfits };
  const isProven = assurance === 'verified';
  const person = personOf(message, isProven);
  const page = pageOf(message.page);
  const traits = traitsOf(message, isProven);
  return {
    ok: true,
    touchpoints: message.events.map((event, index) =>
      touchpointOf(event, {
        answers: readings[index]?.answers ?? [],
        survey: settings.value.survey.id,
        person,
        page,
        traits: index === 0 ? traits : {},
      }),
    ),
  };
}

type Setting = {
  readonly answers: readonly Answer[];
  readonly survey: string;
  readonly person: PersonInput;
  readonly page: Json;
  /** Said once a message. */
  readonly traits: Traits;
};
type Traits = { readonly traits?: JsonObject; readonly tellsAs?: Assurance };

/** What the token tells of the person, else what the page says of them: the latter is a claim, whoever they are. */
function traitsOf({ identity }: SiteMessage, isProven: boolean): Traits {
  const proven = isProven ? flat(readClaims(identity?.token ?? '')?.traits) : null;
  const traits = proven ?? flat(identity?.traits);
  return traits ? { traits, tellsAs: proven ? 'verified' : 'claimed' } : {};
}

function touchpointOf(event: SiteEvent, setting: Setting): TouchpointInput {
  const { answers, survey, person, page } = setting;
  const { traits, tellsAs } = setting.traits;
  const comments = answers.flatMap((answer) => answer.text ?? []);
  return {
    messageId: event.id.toLowerCase(),
    kind: event.type,
    channel: 'web',
    ...ACTORS[event.type],
    occurredAt: epochTimeOf(event.at),
    ...(event.type !== 'page_viewed' && { subject: `survey:${event.survey ?? survey}` }),
    score: firstOf(...answers.map((answer) => answer.score)),
    text: textOf(comments.join('\n\n'), TEXT_LIMIT),
    person,
    ...(answers.length > 0 && { answers }),
    data: { page, ...(traits && { traits }) },
    ...(tellsAs && { tellsAs }),
  };
}

function readEvent(event: SiteEvent, path: string, survey: SiteSettings['survey']): Answers {
  if (event.survey !== undefined && event.survey !== survey.id) {
    return { answers: [], misfits: [{ path: `${path}.survey`, message: `expected "${survey.id}"` }] };
  }
  if (event.type !== 'survey_answered') return { answers: [], misfits: [] };
  const given = event.answers ?? [];
  if (given.length === 0) return { answers: [], misfits: [{ path: `${path}.answers`, message: 'expected an answer' }] };
  const repeated = given.findIndex(
    ({ question }, index) => given.findIndex((other) => other.question === question) < index,
  );
  if (repeated >= 0) {
    return {
      answers: [],
      misfits: [{ path: `${path}.answers[${repeated}].question`, message: 'expected each question once' }],
    };
  }
  const read = given.map((answer, index) => readAnswer(answer, `${path}.answers[${index}]`, survey));
  return { answers: read.flatMap((one) => one.answers), misfits: read.flatMap((one) => one.misfits) };
}

function readAnswer(
  raw: { readonly question: string; readonly value: string | number },
  path: string,
  survey: SiteSettings['survey'],
): Answers {
  const question = survey.questions.find(({ id }) => id === raw.question);
  const kind: QuestionKind | undefined = questionKinds.find((candidate) => candidate.kind === question?.kind);
  if (!question || !kind) {
    return { answers: [], misfits: [{ path: `${path}.question`, message: 'expected a question of this survey' }] };
  }
  const parsed = parseWith(kind.schema, raw.value);
  if (!parsed.ok)
    return { answers: [], misfits: parsed.misfits.map(({ message }) => ({ path: `${path}.value`, message })) };
  const text = kind.text(parsed.value);
  return {
    answers: [
      {
        question: question.id,
        kind: kind.kind,
        score: kind.score(parsed.value),
        text: text === null ? null : textOf(text, TEXT_LIMIT),
      },
    ],
    misfits: [],
  };
}

/**
 * Whoever is proven is a fragment of their own, whatever browser they use, and so is whoever claims to be a user of the site, while
 * they do: a second person on the same browser is another. What was done before stays with the browser.
 */
function personOf(message: SiteMessage, isProven: boolean): PersonInput {
  const { visitor, identity, locale } = message;
  const claims = isProven ? readClaims(identity?.token ?? '') : null;
  if (claims) return provenPerson(claims, visitor.toLowerCase(), locale);
  const id = visitor.toLowerCase();
  const list = identifiers(
    own('anonymous_id', id, 'claimed'),
    own('user_id', identity?.userId, 'claimed'),
    email(identity?.email, 'claimed'),
    phone(identity?.phone, regionOf(locale), 'claimed'),
  );
  return {
    key: visitorKey(id, identifierOf(list, 'user_id')),
    identifiers: list,
    profile: knownTexts({ name: textOf(identity?.name, NAME_LIMIT), language: textOf(locale, 35) }),
  };
}

function provenPerson(claims: Claims, visitor: string, locale: string): PersonInput {
  const proven = identifiers(
    own('user_id', claims.sub, 'verified'),
    email(claims.email, 'verified'),
    phone(claims.phone, regionOf(locale), 'verified'),
  );
  return {
    key: provenKey(proven, visitor),
    identifiers: identifiers(...proven, own('anonymous_id', visitor, 'claimed')),
    profile: knownTexts({ name: textOf(claims.name, NAME_LIMIT), language: textOf(locale, 35) }),
  };
}

/** By the best of what is proven; the browser alone where that is a mailbox that several people read. */
function provenKey(proven: PersonInput['identifiers'], visitor: string): string {
  const [user, called] = [identifierOf(proven, 'user_id'), identifierOf(proven, 'phone')];
  if (user !== null) return `user:${user}`;
  return personKey(proven, called === null ? visitorKey(visitor, null) : `phone:${called}`);
}

/** `pl-PL` reads telephone numbers as Polish ones. */
const regionOf = (locale: string): string | null => /-([A-Z]{2})$/.exec(locale)?.[1] ?? null;

/** The page without what its query may carry: tokens, searches, names. Campaign words are what it is kept for. */
function pageOf({ url, title, referrer }: SiteMessage['page']): Json {
  return { url: withoutQuery(url, true), title: textOf(title, 300), referrer: withoutQuery(referrer, false) };
}

async function sample({ now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email: address, number } = samplePerson(seed);
  const uuid = (group: number) =>
    `${number.toString(16).padStart(8, '0')}-0000-4000-8000-${group.toString(16).padStart(12, '0')}`;
  const body = JSON.stringify({
    visitor: uuid(number),
    locale: 'en',
    page: { url: 'https://shop.example/teapots', title: 'Teapots', referrer: '' },
    identity: { email: address, name: `${first} ${last}` },
    events: [{ id: uuid(now), at: now, type: 'page_viewed' }],
  });
  return { headers: { 'Content-Type': 'application/json', Origin: 'https://shop.example' }, body };
}

/** A token that proves nothing (expired, of another visitor, forged) costs the proof and never the answer: its words are claims. */
async function verify({ headers, body }: Delivery, context: VerifyContext): Promise<Verdict> {
  const parsed = parseWith(SiteSettings, context.settings);
  const verdict = originVerdict(headers, parsed.ok ? parsed.value.origins : ['about:blank']);
  if (!verdict.ok || context.secrets.length === 0) return verdict;
  const json = parseJson(body);
  const message = json.ok ? objectOf(json.value) : {};
  const token = textOf(objectOf(message.identity).token, 4000);
  const visitor = textOf(message.visitor, 36)?.toLowerCase();
  if (!token || !visitor) return verdict;
  return (await provesVisitor(token, visitor, context)) ? { ok: true, assurance: 'verified' } : verdict;
}

/** Whoever has proven an address is the person whom a token with that address names. */
const confirming: Provider['confirming'] = {
  steps: confirmSteps,
  person: ({ address, visitor, locale }) => provenPerson({ email: address, exp: 0 }, visitor, locale),
  token: ({ address, visitor }, context) => makeToken({ email: address, visitor }, context),
};

const site: Provider = {
  kind: 'site',
  title: 'Website',
  summary: 'A button and a survey on your site.',
  group: 'site',
  door: 'site',
  secret: 'none',
  vouching: tokenSteps,
  confirming,
  setup,
  installs,
  parseSettings: settingsParser(SiteSettings),
  verify,
  translate,
  sample,
};

export default site;
