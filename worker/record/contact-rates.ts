import type { ContactRate } from '../../schema/contact-cost.ts';
import type { Channel, Handler } from '../../schema/vocabulary.ts';

type Row = {
  channel: Channel;
  handler: Handler;
  valid_from: number;
  per_contact_minor: number | null;
  per_minute_minor: number | null;
  currency: string;
};

/** Every rate there ever was, by channel and handler, newest first: a few hundred rows at most. */
export async function listRates(db: D1Database): Promise<ContactRate[]> {
  const { results } = await db
    .prepare('SELECT * FROM contact_rate ORDER BY channel, handler, valid_from DESC')
    .all<Row>();
  return results.map((row) => ({
    channel: row.channel,
    handler: row.handler,
    validFrom: row.valid_from,
    perContactMinor: row.per_contact_minor,
    perMinuteMinor: row.per_minute_minor,
    currency: row.currency,
  }));
}

/** Sets rates. One of the same channel, handler and beginning is replaced; what began earlier stays for contacts before. */
export async function saveRates(db: D1Database, rates: readonly ContactRate[]): Promise<void> {
  await db
    .prepare(
      `INSERT INTO contact_rate (channel, handler, valid_from, per_contact_minor, per_minute_minor, currency)
       SELECT r.value ->> 'channel', r.value ->> 'handler', r.value ->> 'validFrom', r.value ->> 'perContactMinor',
         r.value ->> 'perMinuteMinor', r.value ->> 'currency' FROM json_each(?1) r WHERE true
       ON CONFLICT (channel, handler, valid_from) DO UPDATE SET
         per_contact_minor = excluded.per_contact_minor, per_minute_minor = excluded.per_minute_minor, currency = excluded.currency`,
    )
    .bind(JSON.stringify(rates))
    .run();
}

/** The currency that costs are written in: that of the newest rate, else of most orders, else the euro. */
export async function usualCurrency(db: D1Database): Promise<string> {
  const row = await db
    .prepare(
      `SELECT coalesce(
         (SELECT currency FROM contact_rate ORDER BY valid_from DESC LIMIT 1),
         (SELECT currency FROM product_total GROUP BY currency ORDER BY sum(lines) DESC LIMIT 1),
         (SELECT currency FROM orders WHERE currency IS NOT NULL LIMIT 1),
         'EUR') AS currency`,
    )
    .first<{ currency: string }>();
  return row?.currency ?? 'EUR';
}
