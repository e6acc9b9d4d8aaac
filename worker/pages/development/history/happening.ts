import type { Json } from '../../../../schema/touchpoint.ts';
import type { DemoSource } from '../demo-sources.ts';
import type { Webhook } from '../shopify-payloads.ts';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Something that happened to the demo business, as a delivery at one of its doors. */
export type Happening = {
  /** Epoch ms. */
  readonly at: number;
  readonly source: DemoSource;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Json;
  /**
   * The e-mail address of who answered a personal link. What comes through it is proved to be theirs, where the same
   * answer from a public page is only claimed.
   */
  readonly provenEmail?: string;
};

/** A webhook of the demo shop as a delivery. */
export const fromShop = ({ topic, eventId, payload }: Webhook, at: number): Happening => ({
  at,
  source: 'shop',
  headers: {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-event-id': eventId,
    'x-shopify-triggered-at': new Date(at).toISOString(),
  },
  payload,
});
