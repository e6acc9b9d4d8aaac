import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

/** `{eventCreated}.{eventId}`, and nothing else of the body. */
function signedPart(body: string): string {
  const { eventCreated, eventId } = JSON.parse(body);
  return `${eventCreated}.${eventId}`;
}

const sender: Sender = {
  recorded: ['ecwid'],
  sign: (body, { secret }) => ({
    headers: { 'X-Ecwid-Webhook-Signature': hmac(secret, signedPart(body), 'base64') },
    body,
  }),
  secretOf: (seed) => hmac('ecwid', seed, 'hex').slice(0, 32),
  covers: 'fields',
  bodyOf: (text) =>
    JSON.stringify({ eventId: `event ${text.length} ${hmac('id', text, 'hex')}`, eventCreated: 1768478400, text }),
  signedAt: ({ body }) => JSON.parse(body).eventCreated * 1000,
  variants: ['order.created', 'order.updated', 'order.deleted', 'unfinished_order.created', 'customer.deleted'].map(
    (eventType) => ({ eventType }),
  ),
};

export default sender;
