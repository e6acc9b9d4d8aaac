import { describe, expect, it } from 'vitest';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import site from '../../worker/sources/providers/site.ts';
import { defaultSettings, deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';

const VISITOR = '7d9f3c52-1b7e-4c3a-9f52-0a1b2c3d4e5f';
const EVENT = '0c0ffee0-1b7e-4c3a-9f52-0a1b2c3d4e5f';
const AT = Date.UTC(2026, 0, 15, 12);
type Fields = Record<string, Json>;

const message = (event: Fields, more: Fields = {}): Json => ({
  visitor: VISITOR,
  locale: 'pl-PL',
  page: {
    url: 'https://shop.example/cups?utm_source=mail&token=s3cret#top',
    title: 'Cups',
    referrer: 'https://search.example/?q=private',
  },
  events: [{ id: EVENT, at: AT, type: 'survey_answered', ...event }],
  ...more,
});
const translate = (payload: Json, settings: Fields = {}) =>
  translateWith(site, deliveryOf({}, ''), payload, { ...defaultSettings(site), ...settings });
const read = (payload: Json): TouchpointInput => onlyTouchpoint(translate(payload));
const answers = (...list: readonly [string, Json][]): Fields => ({
  answers: list.map(([question, value]) => ({ question, value })),
});

it('reads an answered survey', () => {
  expect(
    read(
      message(answers(['nps', 9], ['why', ' Quick and kind ']), {
        identity: { email: 'Mara@Example.com', phone: '12 323 44 56', userId: 'u-7', name: 'Mara' },
      }),
    ),
  ).toEqual({
    messageId: EVENT,
    kind: 'survey_answered',
    channel: 'web',
    direction: 'in',
    initiator: 'customer',
    occurredAt: AT,
    subject: 'survey:default',
    score: 9,
    text: 'Quick and kind',
    answers: [
      { question: 'nps', kind: 'nps', score: 9, text: null },
      { question: 'why', kind: 'comment', score: null, text: 'Quick and kind' },
    ],
    person: {
      key: `claimant:${VISITOR}:u-7`,
      identifiers: [
        { kind: 'anonymous_id', value: VISITOR, assurance: 'claimed' },
        { kind: 'user_id', value: 'u-7', assurance: 'claimed' },
        { kind: 'email', value: 'mara@example.com', assurance: 'claimed' },
        { kind: 'phone', value: '+48123234456', assurance: 'claimed' },
      ],
      profile: { name: 'Mara', language: 'pl-PL' },
    },
    data: {
      page: { url: 'https://shop.example/cups?utm_source=mail', title: 'Cups', referrer: 'https://search.example/' },
    },
  });
});

it('makes one touchpoint of each event', () => {
  const events = ['survey_shown', 'survey_dismissed', 'page_viewed'].map((type, n) => ({
    id: EVENT.replace('0c', `${n}d`),
    at: AT,
    type,
  }));
  expect(translate(message({}, { events }))).toMatchObject({
    touchpoints: [
      { kind: 'survey_shown', initiator: 'company', direction: 'out', subject: 'survey:default' },
      { kind: 'survey_dismissed', initiator: 'customer', direction: 'in' },
      { kind: 'page_viewed' },
    ],
  });
});

it("keeps of a page's address what is no secret, and nothing that is no page", () => {
  const page = (url: string, referrer = '') =>
    read(message({ type: 'page_viewed' }, { page: { url, title: '', referrer } })).data?.page;
  expect(page('https://shop.example/a?session=1')).toEqual({
    url: 'https://shop.example/a',
    title: null,
    referrer: null,
  });
  expect(page('https://user:pass@shop.example/a')).toMatchObject({ url: 'https://shop.example/a' });
  for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'not a url', ''])
    expect(page(url)).toMatchObject({ url: null });
});

it('takes no time from a clock that runs past the calendar', () => {
  expect(read(message({ type: 'page_viewed', at: 2 ** 53 })).occurredAt).toBeNull();
});

it('lets nobody be "null"', () => {
  const identity = { userId: 'null', email: 'none', phone: '5' };
  expect(read(message({ type: 'page_viewed' }, { identity })).person.identifiers.map(({ kind }) => kind)).toEqual([
    'anonymous_id',
  ]);
});

describe('an answer that does not fit is named by its place', () => {
  it.each<[string, Fields, string]>([
    ['too high', answers(['nps', 11]), '$.events[0].answers[0].value'],
    ['of another type', answers(['nps', 'nine']), '$.events[0].answers[0].value'],
    ['to a question nobody asked', answers(['nps', 9], ['age', 4]), '$.events[0].answers[1].question'],
    ['given twice', answers(['nps', 9], ['nps', 1]), '$.events[0].answers[1].question'],
    ['to another survey', { ...answers(['nps', 9]), survey: 'other' }, '$.events[0].survey'],
    ['that is none', {}, '$.events[0].answers'],
    ['from a broken clock', { ...answers(['nps', 9]), at: 'now' }, '$.events[0].at'],
    ['of an unknown type', { type: 'order_placed' }, '$.events[0].type'],
    ['with more than is asked', { ...answers(['nps', 9]), admin: true }, '$.events[0].admin'],
  ])('%s', (_name, event, path) => {
    expect(translate(message(event))).toMatchObject({ ok: false, misfits: [{ path }] });
  });

  it('and is looked up in the survey of the site', () => {
    const survey = { id: 'after_sale', questions: [{ id: 'effort', kind: 'ces' }] };
    const parsed = site.parseSettings({ survey });
    expect(parsed).toMatchObject({ ok: true, settings: { survey: { id: 'after_sale' } } });
    const settings = parsed.ok ? parsed.settings : {};
    expect(translate(message(answers(['effort', 5])), settings)).toMatchObject({
      touchpoints: [{ subject: 'survey:after_sale', answers: [{ kind: 'ces' }] }],
    });
    expect(translate(message(answers(['nps', 5])), settings)).toMatchObject({ ok: false });
  });
});

it('refuses settings that do not fit, by path', () => {
  expect(site.parseSettings({ button: { side: 'left' } })).toMatchObject({
    ok: false,
    misfits: [{ path: '$.button.side' }],
  });
  expect(site.parseSettings({ survey: { id: 'x', questions: [] } })).toMatchObject({
    ok: false,
    misfits: [{ path: '$.survey.questions' }],
  });
});
