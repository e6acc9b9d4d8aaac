import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../worker/insights/insight.ts';
import { runsOf } from '../../worker/pages/chart.tsx';
import { hueOf, initialsOf } from '../../worker/pages/components/avatar.tsx';
import { ComparisonCard } from '../../worker/pages/components/comparison.tsx';
import { barsOf, summaryOf } from '../../worker/pages/components/rate.tsx';
import { describePoint, formatFigure } from '../../worker/pages/figures.ts';
import { localPath, pathWith } from '../../worker/pages/form.ts';
import { formatDayHeading, formatMoney, formatRelative } from '../../worker/pages/format.ts';
import { blankDraft, checkDraft } from '../../worker/pages/log/draft.ts';
import { misfitWords } from '../../worker/pages/misfits.ts';
import { indentJson, readableBody } from '../../worker/pages/raw-body.tsx';
import { reasonSentence } from '../../worker/pages/reasons.ts';
import { sentenceOf } from '../../worker/pages/sentence.tsx';
import { recentPace } from '../../worker/pages/source-health.ts';
import { originsOf } from '../../worker/pages/source-new.tsx';
import { kindsOf, phraseOf } from '../../worker/pages/words.ts';
import type { Touchpoint } from '../../worker/record/timeline.ts';
import type { Source } from '../../worker/sources/store.ts';

const touchpoint = (fields: Partial<Touchpoint>): Touchpoint => ({
  id: 'tp_1',
  seq: 1,
  customerId: 'c',
  customerName: null,
  sourceId: 's',
  sourceName: 'Shop',
  messageId: 'm',
  kind: 'order_placed',
  channel: 'shop',
  direction: 'in',
  initiator: 'customer',
  phase: null,
  handler: null,
  purpose: null,
  occurredAt: 0,
  receivedAt: 0,
  subject: null,
  value: null,
  cost: null,
  score: null,
  text: null,
  data: {},
  ...fields,
});

const point = (estimate: number | null, from = 0): Point => ({
  from,
  to: from + 1,
  n: estimate === null ? 0 : 4,
  estimate,
  low: estimate === null ? null : estimate - 10,
  high: estimate === null ? null : estimate + 10,
});

describe('a touchpoint in words', () => {
  it.each([
    [{ subject: 'order:17', value: { amountMinor: 6000, currency: 'EUR' } }, 'Placed order #1017 for €60.00'],
    [{ subject: 'order:99', data: { number: '#A-99' } }, 'Placed order #A-99'],
    [{ kind: 'payment_succeeded', value: { amountMinor: 500, currency: 'JPY' } }, 'Paid JP¥500'],
    [{ kind: 'call_logged', direction: 'out' }, 'We called'],
    [
      {
        kind: 'survey_answered',
        score: 9,
        data: { answers: [{ question: 'a', kind: 'nps', score: 9, text: null }] },
      },
      'Answered the survey: 9 of 10',
    ],
    [
      { kind: 'page_viewed', data: { page: { url: 'https://a.example/tea', title: '' } } },
      'Viewed a page: a.example/tea',
    ],
    [{ kind: 'warranty_claimed' }, 'Warranty claimed'],
    [{ kind: 'constructor' }, 'Constructor'],
  ] satisfies [Partial<Touchpoint>, string][])('%j reads %j', (fields, sentence) => {
    expect(sentenceOf(touchpoint(fields), new Map([['17', '#1017']]))).toBe(sentence);
  });

  it('knows a family by the noun, and no family by an unknown word', () => {
    expect(kindsOf('notes')).toEqual(expect.arrayContaining(['call_logged', 'note_added']));
    expect(kindsOf('drop table')).toBeNull();
    expect(kindsOf(undefined)).toBeNull();
    expect(phraseOf('__proto__', 'in')).toBe('Proto');
  });
});

describe('numbers and times', () => {
  it('writes money with as many digits as its currency has', () => {
    expect(formatMoney({ amountMinor: 123456, currency: 'EUR' })).toBe('€1,234.56');
    expect(formatMoney({ amountMinor: 123456, currency: 'KWD' })).toContain('123.456');
    expect(formatMoney({ amountMinor: -50, currency: 'ISK' })).toMatch(/50$/);
  });

  it('says how long ago in whole units', () => {
    const now = Date.UTC(2026, 5, 15, 12);
    expect(formatRelative(now - 30_000, now)).toBe('just now');
    expect(formatRelative(now - 3 * 3600_000, now)).toBe('3 hours ago');
    expect(formatRelative(now - 24 * 3600_000, now)).toBe('yesterday');
    expect(formatDayHeading(now, now)).toBe('Today');
    expect(formatDayHeading(Date.UTC(2026, 0, 5), now)).toBe('Monday, 5 January 2026');
  });

  it('never tells a figure without its size and interval', () => {
    expect(formatFigure('points', -5, null)).toBe('−5');
    expect(formatFigure('share', 0.714, null)).toBe('71%');
    expect(describePoint('points', point(32), null)).toBe('January 1970: +32, between +22 and +42, n\u00a0=\u00a04');
    expect(describePoint('points', point(null), null)).toBe('January 1970: nothing measured');
  });

  it('breaks the line of a chart where a month has no answers', () => {
    const runs = runsOf([point(1), point(2), point(null), point(4), point(null), point(6)]);
    expect(runs.map((run) => run.map(({ index }) => index))).toEqual([[0, 1], [3], [5]]);
  });
});

describe('raw bodies', () => {
  it('indents JSON without touching what it says', () => {
    const sent = '{"id":12345678901234567890,"a":[1.0,{}],"t":"{\\"x\\": [1]}"}';
    const shown = indentJson(sent);
    expect(shown).toContain('"id": 12345678901234567890');
    expect(shown).toContain('1.0');
    expect(shown).toContain('"{\\"x\\": [1]}"');
    expect(JSON.parse(shown)).toEqual(JSON.parse(sent));
  });

  it('shows a form by its fields and anything else as it came', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(readableBody(bytes('name=A+B&x=%3Cb%3E'), 'application/x-www-form-urlencoded')).toBe('name: A B\nx: <b>');
    expect(readableBody(bytes('<not json>'), 'application/json')).toBe('<not json>');
  });
});

describe('what is typed', () => {
  it('leads to paths of this address only', () => {
    const here = 'https://rapport.example';
    for (const next of [
      '//evil',
      'https://evil',
      '/\\evil',
      '\\\\evil',
      '/\n/evil',
      '',
      'customers',
      '/..//evil',
      undefined,
    ])
      expect(localPath(next, here), String(next)).toBe('/');
    expect(localPath('/customers?q=1#x', here)).toBe('/customers?q=1');
    expect(pathWith('/c', new URLSearchParams('a=1&b=2'), { a: null, c: '3' })).toBe('/c?b=2&c=3');
  });

  it('reads times as UTC and tells the future from the past', () => {
    const now = Date.UTC(2026, 0, 2);
    const check = (over: Parameters<typeof blankDraft>[1]) => {
      const checked = checkDraft(blankDraft('m', { text: 'x', ...over }), now);
      return checked.ok ? checked.body : Object.keys(checked.faults);
    };
    expect(check({})).toMatchObject({ kind: 'note_added', text: 'x' });
    expect(check({ at: '2026-01-01T10:00' })).toMatchObject({ occurredAt: Date.UTC(2026, 0, 1, 10) });
    expect(check({ at: '2026-01-03T00:00' })).toEqual(['at']);
    for (const at of ['2026-13-45T00:00', 'tomorrow']) expect(check({ at, text: '' })).toEqual(['text', 'at']);
    expect(check({ minutes: 'many', cost: '6,4x', currency: 'EUR' })).toEqual(['minutes', 'cost']);
    expect(check({ cost: '6,40', currency: 'eur' })).toMatchObject({ cost: { amountMinor: 640, currency: 'EUR' } });
    expect(check({ kind: 'contact_logged' })).toEqual(['channel']);
  });

  it('takes addresses of sites as people write them', () => {
    expect(originsOf('shop.example\r\nhttps://a.example/path , http://b.example:8080')).toEqual([
      'https://shop.example',
      'https://a.example',
      'http://b.example:8080',
    ]);
    expect(originsOf('not an address')).toEqual(['https://not an address']);
  });

  it('says what does not fit without a library’s words', () => {
    expect(misfitWords({ path: '$', message: 'use a colour like #2c5cc5' })).toBe('use a colour like #2c5cc5');
    expect(misfitWords({ path: '$', message: 'Invalid key: Expected never but received "x"' })).toBe(
      'is not a setting of this source',
    );
    expect(misfitWords({ path: '$', message: 'Invalid type: Expected string but received 5' })).toBe(
      'should be string, not 5',
    );
  });
});

describe('people and reasons', () => {
  it('makes initials in any script, and the same hue for the same id', () => {
    expect(initialsOf('Ana Maria Petrova')).toBe('AP');
    expect(initialsOf('王小明')).toBe('王');
    expect(initialsOf('ana@example.com')).toBe('A');
    expect(initialsOf('<script>')).toBe('S');
    expect(initialsOf(null)).toBe('');
    expect(hueOf('x')).toBe(hueOf('x'));
  });

  it('names the mend for what was refused', () => {
    expect(reasonSentence({ outcome: 'refused', reason: 'signature_mismatch' })).toContain('Copy the signing secret');
    expect(reasonSentence({ outcome: 'refused', reason: 'origin_refused: https://evil.example' })).toContain(
      'It came from https://evil.example',
    );
    expect(reasonSentence({ outcome: 'refused', reason: 'constructor' })).toBe('constructor');
    expect(reasonSentence({ outcome: 'accepted', reason: null })).toBeNull();
  });
});

describe('how much comes to a source', () => {
  const HOUR = 3_600_000;
  const NOW = Date.UTC(2026, 4, 10, 12);
  const came = (n: number, hoursAgo: number, outcome: 'accepted' | 'refused' = 'accepted') => ({
    hour: NOW / HOUR - hoursAgo,
    outcome,
    n,
  });
  const day = {
    first: NOW - 23 * HOUR,
    lengthMs: HOUR,
    n: 24,
    label: (ms: number) => new Date(ms).toISOString().slice(11, 16),
  };

  it.each([
    [[], 'Nothing came.'],
    [[came(1, 3)], '1 delivery.'],
    [[came(1, 3), came(1, 2)], '2 deliveries.'],
    [[came(1, 3, 'refused')], '1 delivery, 1 refused or not readable.'],
    [[came(1, 3), came(3, 2)], '4 deliveries. Most in the hour of 10:00: 3.'],
  ])('is said in a sentence: %j', (hours, sentence) => {
    expect(summaryOf(barsOf(hours, day), 'hour')).toBe(sentence);
  });

  const paceOf = (hours: ReturnType<typeof came>[], ageHours: number, countedFrom: number | null = null) =>
    recentPace({ hours, failures: [], countedFrom }, NOW - ageHours * HOUR, NOW);

  it.each([
    ['of one added long ago, over the days that were counted', [came(65, 5)], 9000, 'about 10 deliveries a day'],
    ['of one added two days ago, since then', [came(20, 5)], 48, 'about 10 deliveries a day'],
    ['that is less than one a day, by the week', [came(2, 5)], 9000, 'about 2 deliveries a week'],
    ['leaves out what was refused', [came(65, 5), came(900, 4, 'refused')], 9000, 'about 10 deliveries a day'],
    ['is unknown where nothing came', [], 9000, null],
    ['is unknown of one added today', [came(20, 1)], 2, null],
  ])('as a pace: %s', (_title, hours, age, words) => {
    expect(paceOf(hours, age)).toBe(words);
  });

  it('as a pace of one so busy that only its last hours were counted', () => {
    expect(paceOf([came(50_000, 1)], 9000, NOW - 6 * HOUR)).toBe('about 200,000 deliveries a day');
  });
});

describe('when the next comparison with a sender begins', () => {
  const NOW = Date.UTC(2026, 4, 10, 12);
  const source: Source = {
    id: 1,
    publicId: 'src_1',
    kind: 'shopify',
    name: 'Shop',
    key: 'k',
    secrets: [],
    settings: {},
    credentials: {},
    createdAt: 0,
    pausedAt: null,
    reconciledTo: null,
    oldSecretUntil: null,
    oldSecretUsedAt: null,
    bodyDays: null,
  };
  const comparison = { isReady: true, isRunning: false, comparedTo: null, lastAt: null, lastNote: null, error: null };
  const cardOf = (nextAt: number) =>
    renderToString(h(ComparisonCard, { source, comparison: { ...comparison, nextAt }, now: NOW }));

  it('is a time to come, and never one that has passed', () => {
    expect(cardOf(NOW + 60_000)).toMatch(/Next: <time/);
    for (const ago of [0, 40_000]) expect(cardOf(NOW - ago)).toContain('Next: within a minute.');
  });
});
