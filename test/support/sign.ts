import { createHmac } from 'node:crypto';

/**
 * Signs deliveries as the senders do, written down a second time and with another library than the worker's verifier:
 * a mistake in one is then not a mistake in both.
 */
export type Signed = { readonly headers: Record<string, string>; readonly body: string };
export type Signer = (
  body: string,
  options: { readonly secret: string; readonly now: number; readonly id?: string; readonly url?: string },
) => Signed;

export const hmac = (
  key: string | Buffer,
  message: string | Buffer,
  encoding: 'hex' | 'base64',
  hash = 'sha256',
): string => createHmac(hash, key).update(message).digest(encoding);

const seconds = (now: number): string => String(Math.floor(now / 1000));

export const signShopify: Signer = (body, { secret }) => ({
  headers: { 'X-Shopify-Hmac-Sha256': hmac(secret, body, 'base64') },
  body,
});

export const signWooCommerce: Signer = (body, { secret }) => ({
  headers: { 'X-WC-Webhook-Signature': hmac(secret, body, 'base64') },
  body,
});

export const signStripe: Signer = (body, { secret, now }) => ({
  headers: { 'Stripe-Signature': `t=${seconds(now)},v1=${hmac(secret, `${seconds(now)}.${body}`, 'hex')}` },
  body,
});

export const signStandardWebhooks: Signer = (body, { secret, now, id = 'msg_1' }) => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return {
    headers: {
      'webhook-id': id,
      'webhook-timestamp': seconds(now),
      'webhook-signature': `v1,${hmac(key, `${id}.${seconds(now)}.${body}`, 'base64')}`,
    },
    body,
  };
};

/** Signer and a secret of the usual shape, by kind of provider. */
export const SIGNERS: Readonly<Record<string, { readonly sign: Signer; readonly secretOf: (seed: string) => string }>> =
  {
    shopify: { sign: signShopify, secretOf: (seed) => hmac('shopify', seed, 'hex') },
    woocommerce: { sign: signWooCommerce, secretOf: (seed) => hmac('woo', seed, 'hex').slice(0, 50) },
    stripe: { sign: signStripe, secretOf: (seed) => `whsec_${hmac('stripe', seed, 'hex').slice(0, 32)}` },
    standard_webhooks: { sign: signStandardWebhooks, secretOf: (seed) => `whsec_${hmac('standard', seed, 'base64')}` },
  };
