import type { Runtime } from '../../platform/env.ts';
import { encodeBase64, signHmac, utf8 } from '../../platform/hmac.ts';
import { receive } from '../../sources/receive.ts';
import type { Source } from '../../sources/store.ts';
import type { Webhook } from './shopify-payloads.ts';

/** Sends a webhook of the demo shop as Shopify would: signed, and through the same door. */
export async function deliver(runtime: Runtime, shop: Source, { topic, eventId, payload }: Webhook): Promise<void> {
  const body = utf8(JSON.stringify(payload));
  const [secret] = shop.secrets;
  if (secret === undefined) throw new Error('the demo shop has no secret');
  const headers = new Headers({
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-event-id': eventId,
    'x-shopify-triggered-at': new Date(runtime.clock.now()).toISOString(),
    'x-shopify-hmac-sha256': encodeBase64(await signHmac('SHA-256', utf8(secret), body)),
  });
  const url = new URL(`https://rapport.invalid/in/${shop.key}`);
  const received = await receive(runtime, 'webhook', shop.key, { method: 'POST', url, headers, body });
  if (received.outcome !== 'accepted' && received.outcome !== 'held')
    throw new Error(`the demo shop's ${topic} was ${received.outcome}`);
}

/** An order as the shop page tells of it. */
export type PlacedOrder = {
  readonly id: number;
  readonly number: string | null;
  readonly totalMinor: number;
  readonly isSent: boolean;
  readonly isRefunded: boolean;
  readonly customerId: string;
  readonly customerName: string | null;
};

type Row = {
  number: string | null;
  total_minor: number | null;
  fulfilled_at: number | null;
  refunded_minor: number;
  public_id: string;
  display_name: string | null;
};

/** The order with this id of the shop, with whom it belongs to; null when there is none. */
export async function findOrder({ db }: Runtime, shop: Source, id: number): Promise<PlacedOrder | null> {
  const row = await db
    .prepare(
      `SELECT o.number, o.total_minor, o.fulfilled_at, o.refunded_minor, c.public_id, c.display_name
       FROM orders o JOIN fragment f ON f.id = o.fragment_id JOIN customer c ON c.id = f.customer_id
       WHERE o.source_id = ?1 AND o.external_id = ?2`,
    )
    .bind(shop.id, String(id))
    .first<Row>();
  if (!row) return null;
  return {
    id,
    number: row.number,
    totalMinor: row.total_minor ?? 0,
    isSent: row.fulfilled_at !== null,
    isRefunded: row.refunded_minor > 0,
    customerId: row.public_id,
    customerName: row.display_name,
  };
}

/** The number the shop gives its next order. */
export async function nextNumber({ db }: Runtime, shop: Source): Promise<number> {
  const row = await db
    .prepare('SELECT count(*) AS orders FROM orders WHERE source_id = ?1')
    .bind(shop.id)
    .first<{ orders: number }>();
  return 1001 + (row?.orders ?? 0);
}
