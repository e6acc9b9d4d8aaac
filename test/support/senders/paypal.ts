import { crc32 } from 'node:zlib';
import { certificateOf, rsaPair, signRsa } from '../certificate.ts';
import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const pair = rsaPair();
const CERTIFICATE = 'https://api.paypal.com/v1/notifications/certs/CERT-made-up';

const sender: Sender = {
  recorded: ['paypal'],
  sign: (body, { secret, now, id = 'transmission-1' }) => {
    const time = new Date(now).toISOString();
    return {
      headers: {
        'PAYPAL-TRANSMISSION-ID': id,
        'PAYPAL-TRANSMISSION-TIME': time,
        'PAYPAL-CERT-URL': CERTIFICATE,
        'PAYPAL-AUTH-ALGO': 'SHA256withRSA',
        'PAYPAL-TRANSMISSION-SIG': signRsa(pair, `${id}|${time}|${secret}|${crc32(body)}`),
      },
      body,
    };
  },
  secretOf: (seed) => hmac('paypal', seed, 'hex').slice(0, 17).toUpperCase(),
  signedId: 'PAYPAL-TRANSMISSION-ID',
  fetch: async (url) => {
    if (url !== CERTIFICATE) throw new TypeError(`nobody expected ${url} to be fetched`);
    return new Response(certificateOf(pair));
  },
  variants: [
    ...['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.DENIED', 'PAYMENT.AUTHORIZATION.CREATED'],
    ...['PAYMENT.CAPTURE.REFUNDED', 'PAYMENT.SALE.REVERSED', 'INVOICING.INVOICE.PAID'],
    ...['BILLING.SUBSCRIPTION.CREATED', 'BILLING.SUBSCRIPTION.CANCELLED', 'BILLING.SUBSCRIPTION.PAYMENT.FAILED'],
  ].map((event_type) => ({ event_type })),
};

export default sender;
