import { crc32 } from '../../platform/crc32.ts';
import { utf8 } from '../../platform/hmac.ts';
import { decodePem } from '../../platform/public-key.ts';
import { publicKeyOf } from '../../platform/x509.ts';
import type { Provider, Refusal, Verdict, VerifyContext } from '../provider.ts';
import { anyOf, type SignatureScheme, signatureVerifier } from '../verify.ts';

/** Certificates are served from here, live and sandbox alike; the name in a request must not lead anywhere else. */
export const HOSTS: readonly string[] = ['.paypal.com'];
const CERTIFICATES = '/v1/notifications/certs/';

/** A certificate has a name of its own and never changes; PayPal signs with one or two at a time. */
const keys = new Map<string, Uint8Array>();
const MAX_KEYS = 20;

async function keyAt(address: string, fetch: VerifyContext['fetch']): Promise<Uint8Array | null> {
  const known = keys.get(address);
  if (known) return known;
  const response = await fetch(address);
  const certificate = response.ok ? decodePem(await response.text()) : null;
  const key = certificate && publicKeyOf(certificate);
  if (!key) return null;
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(address, key);
  return key;
}

function isCertificate(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.protocol === 'https:' && url.hostname.endsWith('.paypal.com') && url.pathname.startsWith(CERTIFICATES);
}

/**
 * https://developer.paypal.com/api/rest/webhooks/rest/#link-selfverificationmethod: RSA with SHA-256 over id and time of the
 * transmission, the id of the webhook and the CRC-32 of the body. The webhook's id, which stands here for a secret, keeps out
 * what PayPal signed for others. A CRC can be met on purpose by who holds a genuine delivery, so that a transmission is
 * taken no longer than PayPal's own retries, which end after three days, last.
 */
const schemeFor = (webhookId: string, key: Uint8Array): SignatureScheme => ({
  algorithm: 'RSA-SHA-256',
  header: 'PAYPAL-TRANSMISSION-SIG',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: ({ id, timestamp, body }) => signedText({ id, timestamp, webhookId, body }),
  idHeader: 'PAYPAL-TRANSMISSION-ID',
  timestamp: { header: 'PAYPAL-TRANSMISSION-TIME', unit: 'iso', toleranceSeconds: 4 * 24 * 3600 },
  keys: () => [key],
});

export const signedText = (parts: {
  readonly id: string;
  readonly timestamp: string;
  readonly webhookId: string;
  readonly body: Uint8Array;
}): Uint8Array => utf8(`${parts.id}|${parts.timestamp}|${parts.webhookId}|${crc32(parts.body)}`);

const refuse = (reason: Exclude<Refusal['reason'], 'timestamp_stale' | 'origin_refused'>): Verdict => ({
  ok: false,
  refusal: { reason },
});

export const verify: Provider['verify'] = async (delivery, context) => {
  const webhookIds = context.secrets.map((secret) => secret.trim()).filter((id) => id !== '');
  if (webhookIds.length === 0) return refuse('secret_missing');
  const address = delivery.headers.get('PAYPAL-CERT-URL');
  if (!address || !delivery.headers.get('PAYPAL-TRANSMISSION-SIG')?.trim()) return refuse('signature_missing');
  if (!isCertificate(address)) return refuse('signature_malformed');
  let key: Uint8Array | null;
  try {
    key = await keyAt(address, context.fetch);
  } catch {
    // No answer, a redirect or a host that does not exist: PayPal sends it again, a forger gains nothing.
    key = null;
  }
  if (!key) return refuse('key_unavailable');
  const verifiers = webhookIds.map((webhookId) => signatureVerifier(schemeFor(webhookId, key)));
  return anyOf(verifiers)(delivery, context);
};
