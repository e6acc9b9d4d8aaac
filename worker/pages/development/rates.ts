import type { ContactRate } from '../../../schema/contact-cost.ts';
import { saveRates } from '../../record/contact-rates.ts';
import { productsOf, saveCosts } from '../../record/products/costs.ts';
import { CURRENCY, GOODS } from './goods.ts';
import { DAY } from './history/happening.ts';

/** Goods cost about this share of their price, and have become dearer. */
const SHARE = 0.42;
const SHARE_BEFORE = 0.38;

const daysBefore = (now: number, days: number): number => Math.floor((now - days * DAY) / DAY) * DAY;

/** What a contact costs the demo business. */
export function writeRates(db: D1Database, now: number): Promise<void> {
  const validFrom = daysBefore(now, 400);
  const rate = (
    channel: ContactRate['channel'],
    handler: ContactRate['handler'],
    perContactMinor: number | null,
    perMinuteMinor: number | null,
  ): ContactRate => ({ channel, handler, validFrom, perContactMinor, perMinuteMinor, currency: CURRENCY });
  return saveRates(db, [
    rate('phone', 'staff', 40, 50),
    rate('phone', 'outsourced', 120, 85),
    rate('meeting', 'staff', 600, 50),
    rate('event', 'staff', 900, 50),
    rate('letter', 'staff', 180, null),
    rate('email', 'staff', 60, 50),
    rate('email', 'automated', 1, null),
    rate('sms', 'automated', 8, null),
  ]);
}

/** What the goods cost, but for the last of them: it waits for somebody to fill it in. */
export async function writeCosts(db: D1Database, now: number): Promise<void> {
  const known = GOODS.slice(0, -1);
  const ids = await productsOf(db, known);
  const costs = known.flatMap(({ priceMinor }, index) => {
    const product = ids[index] ?? null;
    const cost = (share: number, days: number) => ({
      product: product ?? 0,
      amountMinor: Math.round(priceMinor * share),
      currency: CURRENCY,
      validFrom: daysBefore(now, days),
    });
    return product === null ? [] : [cost(SHARE_BEFORE, 400), cost(SHARE, 120)];
  });
  await saveCosts(db, costs);
}
