import { type Context, Hono } from 'hono';
import type { ContactRate } from '../../../schema/contact-cost.ts';
import { currencyCode } from '../../../schema/money.ts';
import { CHANNELS } from '../../../schema/vocabulary.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { listRates, saveRates } from '../../record/contact-rates.ts';
import { dayFrom } from '../../record/products/cost-sheet.ts';
import { type Form, formOf } from '../form.ts';
import { noticeOf } from '../notices.ts';
import { typedMoney } from '../products/amounts.ts';
import { pageResponse, seeOther } from '../response.ts';
import { costsPage, currentValues, fieldOf, RATED, type RatesForm } from './costs-page.tsx';

/** The most a contact or a minute of it is taken to cost, in minor units. */
const MOST_MINOR = 10_000_000;

type Read = { readonly rates: readonly ContactRate[]; readonly form: RatesForm };

/** Reads the form: the rates that differ from how they stand, or what does not fit. */
function readRates(form: Form, standing: readonly ContactRate[], now: number): Read {
  const values: Record<string, string> = { currency: form.text('currency').trim(), from: form.text('from').trim() };
  const faults: Record<string, string> = {};
  const currency = currencyCode(values.currency);
  const validFrom = dayFrom(values.from ?? '');
  if (currency === null) faults.currency = 'Write the currency as three letters, such as EUR.';
  if (validFrom === null) faults.from = 'Write the day like 2026-11-22.';
  const before = currentValues(standing, validFrom ?? now);
  const amount = (name: string): number | null => {
    const text = form.text(name).trim();
    values[name] = text;
    if (text === '') return null;
    const money = typedMoney(text, currency ?? 'EUR');
    if (!money) faults[name] = 'Write an amount such as 0.50, no finer than the smallest coin.';
    else if (money.amountMinor > MOST_MINOR) faults[name] = 'This is more than a contact can cost.';
    return money?.amountMinor ?? null;
  };
  const rates = CHANNELS.flatMap((channel) =>
    RATED.flatMap((handler): ContactRate[] => {
      const [each, minute] = [fieldOf('contact', channel, handler), fieldOf('minute', channel, handler)];
      const [perContactMinor, perMinuteMinor] = [amount(each), amount(minute)];
      const was = standing.find((rate) => rate.channel === channel && rate.handler === handler);
      const isSame = values[each] === before[each] && values[minute] === before[minute];
      const isEmpty = perContactMinor === null && perMinuteMinor === null;
      if ((isSame && (isEmpty || was?.currency === currency)) || (isEmpty && !was)) return [];
      return [
        { channel, handler, validFrom: validFrom ?? 0, perContactMinor, perMinuteMinor, currency: currency ?? '' },
      ];
    }),
  );
  return { rates, form: { values, faults } };
}

async function save(c: Context<{ Bindings: Bindings }>): Promise<Response> {
  const runtime = runtimeOf(c.env);
  const standing = await listRates(runtime.db);
  const { rates, form } = readRates(await formOf(c.req.raw), standing, runtime.clock.now());
  if (Object.keys(form.faults).length > 0) return pageResponse(await costsPage(runtime, { form }), { status: 422 });
  if (rates.length > 0) await saveRates(runtime.db, rates);
  return seeOther('/costs?done=saved');
}

/** What a contact costs. Behind the session guard. */
export const costRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/costs', async (c) =>
    pageResponse(await costsPage(runtimeOf(c.env), { notice: noticeOf(c.req.query('done')) })),
  )
  .post('/costs', save);
