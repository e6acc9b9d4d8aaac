import { type Money, minorDigits } from '../../../schema/money.ts';
import type { Locale } from '../../../schema/survey.ts';
import { CHANNELS } from '../../../schema/vocabulary.ts';
import { spanTo } from '../../platform/span.ts';
import { WORDS, type Words } from './words.ts';

/** What a relationship is summed up from. Times in epoch ms. */
export type Facts = {
  readonly isCustomer: boolean;
  readonly since: number | null;
  readonly orders: number;
  readonly revenue: readonly Money[];
  readonly last: { readonly at: number; readonly channel: string } | null;
  /** The latest answer with a score, and the end of its scale. */
  readonly score: { readonly score: number; readonly max: number } | null;
  /** Matters that are open. */
  readonly open: number;
  readonly now: number;
  /** The record is shown as of a past day: times are told as dates. */
  readonly isPastDay?: boolean;
};

/** Digits are western in every language, as in the rest of the product. */
const tagOf = (locale: Locale): string => `${locale === 'en' ? 'en-GB' : locale}-u-nu-latn`;

const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

function counted(locale: Locale, forms: Words['orders'], n: number): string {
  const form = forms[new Intl.PluralRules(locale).select(n)] ?? forms.other ?? '{n}';
  return fill(form, { n: new Intl.NumberFormat(tagOf(locale)).format(n) });
}

/** `March 2024`, in the case that follows "since": Polish tells a month so only beside a day. */
function monthIn(locale: Locale, ms: number): string {
  const beside = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  if (locale !== 'pl') return new Intl.DateTimeFormat(tagOf(locale), beside).format(ms);
  const parts = new Intl.DateTimeFormat(tagOf(locale), { ...beside, day: 'numeric' }).formatToParts(ms);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('month')} ${part('year')}`;
}

function moneyIn(locale: Locale, { amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  const format = new Intl.NumberFormat(tagOf(locale), {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amountMinor / 10 ** digits);
}

/** `today`, `yesterday`, `3 days ago`; of a past day, which has no ago, its date. */
function agoIn(locale: Locale, ms: number, { now, isPastDay }: Facts): string {
  if (isPastDay) return new Intl.DateTimeFormat(tagOf(locale), { dateStyle: 'long', timeZone: 'UTC' }).format(ms);
  const { count, unit } = spanTo(Math.min(ms, now), now);
  return new Intl.RelativeTimeFormat(tagOf(locale), { numeric: 'auto' }).format(count, unit);
}

function boughtIn(locale: Locale, { orders, revenue }: Facts): string | null {
  if (orders === 0) return null;
  const count = counted(locale, WORDS[locale].orders, orders);
  const worth = revenue.filter(({ amountMinor }) => amountMinor > 0).map((money) => moneyIn(locale, money));
  if (worth.length === 0) return count;
  return fill(WORDS[locale].worth, { orders: count, money: new Intl.ListFormat(tagOf(locale)).format(worth) });
}

function lastIn(locale: Locale, facts: Facts): string | null {
  const { last } = facts;
  if (!last) return null;
  const channel = CHANNELS.find((one) => one === last.channel) ?? 'web';
  return fill(WORDS[locale].last, { ago: agoIn(locale, last.at, facts), by: WORDS[locale].by[channel] });
}

/** A relationship in one sentence of a language; null while there is none. The same facts give the same words. */
export function summaryOf(facts: Facts, locale: Locale): string | null {
  if (facts.since === null) return null;
  const words = WORDS[locale];
  const [afterSince, between, beforeOpen] = words.joins;
  const since = fill(facts.isCustomer ? words.customerSince : words.contactSince, {
    month: monthIn(locale, facts.since),
  });
  const told = [boughtIn(locale, facts), lastIn(locale, facts), facts.score && fill(words.score, facts.score)].filter(
    (part) => part !== null,
  );
  const open = facts.open > 0 ? counted(locale, words.open, facts.open) : null;
  const course = told.length > 0 ? since + afterSince + told.join(between) : since;
  return open === null ? course : course + beforeOpen + open;
}
