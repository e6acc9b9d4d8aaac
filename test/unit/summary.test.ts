import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../schema/survey.ts';
import { CHANNELS } from '../../schema/vocabulary.ts';
import { type Facts, summaryOf } from '../../worker/insights/summary/summary.ts';
import { WORDS } from '../../worker/insights/summary/words.ts';
import { formatRelative } from '../../worker/pages/format.ts';
import { fc } from '../support/chance.ts';

const now = Date.UTC(2026, 10, 23, 12);
const DAY_MS = 24 * 3600 * 1000;
const facts: Facts = {
  isCustomer: true,
  since: Date.UTC(2024, 2, 9),
  orders: 7,
  revenue: [{ amountMinor: 81_240, currency: 'EUR' }],
  last: { at: now - 3 * DAY_MS, channel: 'email' },
  score: { score: 9, max: 10 },
  open: 1,
  now,
};
/** Intl writes spaces that do not break; a reader sees spaces. */
const plain = (text: string | null): string | undefined =>
  text?.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll(/[\u200e\u200f\u061c]/g, '');

describe('a relationship in one sentence', () => {
  it.each([
    [
      'en',
      'Customer since March 2024: 7 orders worth €812.40, last contact 3 days ago by e-mail, gave 9 of 10; one matter needs attention',
    ],
    [
      'pl',
      'Klient od marca 2024: 7 zamówień o wartości 812,40 €, ostatni kontakt 3 dni temu e-mailem, ocena 9 na 10; jedna sprawa wymaga uwagi',
    ],
    [
      'bg',
      'Клиент от март 2024 г.: 7 поръчки за 812,40 €, последен контакт преди 3 дни по имейл, оценка 9 от 10; един въпрос чака внимание',
    ],
    ['zh-Hans', '2024年3月起的客户：7 笔订单，共 €812.40，最近一次联系是3天前（电子邮件），评分 9/10；1 件事需要处理'],
    [
      'ar',
      'عميل منذ مارس 2024: 7 طلبات بقيمة 812.40 €، آخر تواصل قبل 3 أيام عبر البريد الإلكتروني، التقييم 9 من 10؛ مسألة واحدة تتطلب الانتباه',
    ],
  ] as const)('in %s', (locale, sentence) => expect(plain(summaryOf(facts, locale))).toBe(sentence));

  const ordersIn = (locale: (typeof LOCALES)[number], orders: number) =>
    plain(summaryOf({ ...facts, orders, revenue: [], last: null, score: null, open: 0 }, locale))?.split(/: |：/)[1];

  it.each([
    [1, '1 zamówienie'],
    [2, '2 zamówienia'],
    [4, '4 zamówienia'],
    [5, '5 zamówień'],
    [12, '12 zamówień'],
    [22, '22 zamówienia'],
    [25, '25 zamówień'],
    [101, '101 zamówień'],
  ])('counts %i orders in Polish', (n, words) => expect(ordersIn('pl', n)).toBe(words));

  it.each([
    [1, 'طلب واحد'],
    [2, 'طلبان'],
    [3, '3 طلبات'],
    [10, '10 طلبات'],
    [11, '11 طلبًا'],
    [99, '99 طلبًا'],
    [100, '100 طلب'],
    [103, '103 طلبات'],
  ])('counts %i orders in Arabic', (n, words) => expect(ordersIn('ar', n)).toBe(words));

  it.each([
    ['en', '1 order', '2 orders'],
    ['bg', '1 поръчка', '2 поръчки'],
    ['zh-Hans', '1 笔订单', '2 笔订单'],
  ] as const)('counts in %s', (locale, one, two) =>
    expect([ordersIn(locale, 1), ordersIn(locale, 2)]).toEqual([one, two]),
  );

  it.each([
    [0, 'today'],
    [1, 'yesterday'],
    [13, '13 days ago'],
    [14, '2 weeks ago'],
    [60, '8 weeks ago'],
    [61, '2 months ago'],
    [364, '11 months ago'],
    [365, 'last year'],
    [800, '2 years ago'],
  ])('%i days is %s', (days, words) =>
    expect(summaryOf({ ...facts, last: { at: now - days * DAY_MS, channel: 'phone' } }, 'en')).toContain(
      `last contact ${words} by telephone`,
    ),
  );

  it('tells how long ago in the same words as every other place of a page, at whatever hour', () => {
    for (let hours = 24; hours < 900 * 24; hours += 7) {
      const at = now - hours * 3600_000 - 11 * 60_000;
      expect(summaryOf({ ...facts, last: { at, channel: 'phone' } }, 'en')).toContain(
        `last contact ${formatRelative(at, now)} by telephone`,
      );
    }
  });

  it('tells dates on a past day, of which nothing is ago', () => {
    const past = { ...facts, isPastDay: true, last: { at: Date.UTC(2024, 5, 1, 9), channel: 'phone' } };
    expect(summaryOf(past, 'en')).toContain('last contact 1 June 2024 by telephone');
    expect(summaryOf(past, 'en')).not.toContain('ago');
  });

  it('says of somebody who has bought nothing since when they are in touch, and nothing of a stranger', () => {
    const nothing = { ...facts, isCustomer: false, orders: 0, revenue: [], last: null, score: null, open: 0 };
    expect(summaryOf(nothing, 'en')).toBe('In touch since March 2024');
    expect(summaryOf({ ...nothing, since: null }, 'en')).toBeNull();
  });

  it('names every currency, with the digits it has', () => {
    const revenue = [
      { amountMinor: 1250, currency: 'BHD' },
      { amountMinor: 6000, currency: 'JPY' },
    ];
    expect(plain(summaryOf({ ...facts, revenue }, 'en'))).toContain('7 orders worth BHD 1.250 and JP¥6,000');
  });

  it.each(LOCALES)('in %s has a word for every channel and a form for every number', (locale) => {
    expect(Object.keys(WORDS[locale].by).sort()).toEqual([...CHANNELS].sort());
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    expect(Object.keys(WORDS[locale].orders).sort()).toEqual([...categories].sort());
    expect(Object.keys(WORDS[locale].open).sort()).toEqual([...categories].sort());
  });

  it('leaves no gap unfilled, whatever the facts', () =>
    fc.assert(
      fc.property(
        fc.record({
          orders: fc.nat(2000),
          open: fc.nat(200),
          days: fc.nat(5000),
          channel: fc.constantFrom(...CHANNELS, 'unheard of'),
          amountMinor: fc.nat(),
          locale: fc.constantFrom(...LOCALES),
        }),
        ({ orders, open, days, channel, amountMinor, locale }) => {
          const last = { at: now - days * DAY_MS, channel };
          const text = summaryOf({ ...facts, orders, open, last, revenue: [{ amountMinor, currency: 'EUR' }] }, locale);
          expect(text).not.toMatch(/[{}]|undefined|NaN/);
        },
      ),
    ));
});
