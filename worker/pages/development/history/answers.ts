import type { Json } from '../../../../schema/touchpoint.ts';
import type { Person, Tongue } from '../people.ts';
import type { Random } from '../random.ts';
import { COMMENTS, type Mood } from '../words.ts';
import { DAY, type Happening, HOUR, MINUTE } from './happening.ts';
import type { Purchase } from './purchases.ts';

/** Answers from visitors nobody knows, over the year. */
const VISITORS = 110;
/** Of them, those that leave an address which a customer of the shop has too. */
const CLAIMS = 7;
const DISMISSALS = 60;

const TONGUES: readonly [Tongue, ...Tongue[]] = ['en', 'en', 'pl', 'bg', 'zh', 'ar', 'de', 'sv', 'pt'];
const localeOf = (tongue: Tongue): string => (tongue === 'zh' ? 'zh-Hans' : tongue);

const NPS: Readonly<Record<Mood, readonly [number, ...number[]]>> = {
  bad: [0, 2, 3, 4, 5, 6],
  fair: [7, 7, 8],
  good: [9, 9, 10, 10, 8],
};
const CSAT: Readonly<Record<Mood, readonly [number, ...number[]]>> = { bad: [1, 2, 2], fair: [3, 4], good: [4, 5, 5] };
const EASE: Readonly<Record<Mood, readonly [number, ...number[]]>> = { bad: [2, 3, 4], fair: [5, 5], good: [6, 7] };

/** It went better all year long, until parcels began to come late three weeks ago. */
function moodAt(random: Random, now: number, at: number): Mood {
  const monthsAgo = (now - at) / (30 * DAY);
  const isTroubled = monthsAgo < 0.75;
  const bad = isTroubled ? 0.38 : 0.13 + monthsAgo * 0.012;
  const good = isTroubled ? 0.4 : 0.66 - monthsAgo * 0.018;
  const chance = random.next();
  return chance < bad ? 'bad' : chance < 1 - good ? 'fair' : 'good';
}

const commentOf = (random: Random, tongue: Tongue, mood: Mood): string =>
  random.pick((COMMENTS[tongue] ?? COMMENTS.en)[mood]);

type Site = {
  readonly source: 'widget' | 'delivery';
  readonly survey: string;
  readonly url: string;
  readonly title: string;
};
const WIDGET: Site = {
  source: 'widget',
  survey: 'recommend',
  url: 'https://harbour-hare.test/',
  title: 'Harbour & Hare',
};
const DELIVERY: Site = {
  source: 'delivery',
  survey: 'delivery',
  url: 'https://harbour-hare.test/delivered',
  title: 'Your parcel',
};

type Visit = {
  readonly site: Site;
  readonly at: number;
  readonly tongue: Tongue;
  readonly events: readonly { readonly [key: string]: Json }[];
  readonly claim?: Person;
  readonly provenEmail?: string;
};

const visit = (random: Random, { site, at, tongue, events, claim, provenEmail }: Visit): Happening => ({
  at,
  source: site.source,
  headers: { 'content-type': 'application/json' },
  payload: {
    visitor: random.uuid(),
    locale: localeOf(tongue),
    page: { url: site.url, title: site.title, referrer: '' },
    ...(claim && { identity: { email: claim.email, name: `${claim.first} ${claim.last}`.trim() } }),
    events: events.map((event) => ({ id: random.uuid(), survey: site.survey, ...event })),
  },
  ...(provenEmail && { provenEmail }),
});

/** Answers given through a personal link, a few days after the parcel came. */
export function answersOfBuyers(random: Random, now: number, purchases: readonly Purchase[]): Happening[] {
  return purchases.flatMap(({ order, fulfilledAt, isLate }) => {
    if (fulfilledAt === null || !random.chance(isLate ? 0.6 : 0.4)) return [];
    const at = fulfilledAt + random.between(2, 6) * DAY + random.between(0, 600) * MINUTE;
    if (at >= now) return [];
    const { email, tongue } = order.person;
    const mood = isLate && random.chance(0.7) ? 'bad' : moodAt(random, now, at);
    const words = random.chance(0.5) ? [{ question: 'why', value: commentOf(random, tongue, mood) }] : [];
    const isAboutUs = random.chance(0.45);
    const answers = isAboutUs
      ? [{ question: 'nps', value: random.pick(NPS[mood]) }, ...words]
      : [
          { question: 'csat', value: random.pick(CSAT[mood]) },
          { question: 'ease', value: random.pick(EASE[mood]) },
          ...words,
        ];
    const site = isAboutUs ? WIDGET : DELIVERY;
    return [
      visit(random, { site, at, tongue, events: [{ at, type: 'survey_answered', answers }], provenEmail: email }),
    ];
  });
}

/** Answers from the website, by nobody in particular. */
export function answersOfVisitors(random: Random, now: number, people: readonly Person[]): Happening[] {
  const answered = Array.from({ length: VISITORS }, (_, index) => {
    const at = now - Math.floor(365 * DAY * random.next() ** 1.4) - HOUR;
    const claim = index < CLAIMS ? people[index * 9 + 4] : undefined;
    const tongue = claim?.tongue ?? random.pick(TONGUES);
    const mood = moodAt(random, now, at);
    const words = random.chance(0.6) ? [{ question: 'why', value: commentOf(random, tongue, mood) }] : [];
    const answers = [{ question: 'nps', value: random.pick(NPS[mood]) }, ...words];
    const events = [
      { at: at - MINUTE, type: 'survey_shown' },
      { at, type: 'survey_answered', answers },
    ];
    return visit(random, { site: WIDGET, at, tongue, events, ...(claim && { claim }) });
  });
  const dismissed = Array.from({ length: DISMISSALS }, () => {
    const at = now - Math.floor(365 * DAY * random.next()) - HOUR;
    const events = [
      { at: at - MINUTE / 2, type: 'survey_shown' },
      { at, type: 'survey_dismissed' },
    ];
    return visit(random, { site: WIDGET, at, tongue: random.pick(TONGUES), events });
  });
  return [...answered, ...dismissed];
}
