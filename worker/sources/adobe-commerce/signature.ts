import { encodeBase64, utf8 } from '../../platform/hmac.ts';
import { parseJson } from '../../platform/json.ts';
import { decodePem } from '../../platform/public-key.ts';
import type { Provider, Refusal, Verdict, VerifyContext } from '../provider.ts';
import { isObject, textOf } from '../read.ts';
import { anyOf, type SignatureScheme, signatureVerifier } from '../verify.ts';

/**
 * Webhooks of Adobe Commerce itself
 * (https://developer.adobe.com/commerce/extensibility/webhooks/signature-verification): RSA with SHA-256 and a public key from
 * the admin. The documentation verifies the body in base64, as a serverless action is given it; outside of one it is the
 * body that is at hand. Each binds the body, and both are read.
 */
const commerce: SignatureScheme = {
  algorithm: 'RSA-SHA-256',
  header: 'x-adobe-commerce-webhook-signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: ({ body }) => utf8(encodeBase64(body)),
};
const verifyCommerce = anyOf([signatureVerifier(commerce), signatureVerifier({ ...commerce, signed: '{body}' })]);

/** Where Adobe I/O Events keeps the public keys it signs with; a header names the file. */
export const HOSTS: readonly string[] = ['static.adobeioevents.com'];
const KEY_FILE = /^\/[\w./-]{1,200}\.pem$/;
const WAYS = ['1', '2'] as const;

const keys = new Map<string, Uint8Array>();
const MAX_KEYS = 20;

async function keyAt(path: string, fetch: VerifyContext['fetch']): Promise<Uint8Array | null> {
  const known = keys.get(path);
  if (known) return known;
  try {
    const response = await fetch(`https://${HOSTS[0]}${path}`);
    const key = response.ok ? decodePem(await response.text()) : null;
    if (!key) return null;
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(path, key);
    return key;
  } catch {
    // No answer or a redirect: the sender tries again.
    return null;
  }
}

const refuse = (reason: Exclude<Refusal['reason'], 'timestamp_stale' | 'origin_refused'>): Verdict => ({
  ok: false,
  refusal: { reason },
});

/** Whether all events of a body are meant for one of these client ids. */
function isFor(body: Uint8Array, clientIds: readonly string[]): boolean {
  const parsed = parseJson(body);
  const events = parsed.ok ? (Array.isArray(parsed.value) ? parsed.value : [parsed.value]) : [];
  const recipients = events.map((event) =>
    isObject(event) ? (textOf(event.recipient_client_id) ?? textOf(event.recipientclientid)) : null,
  );
  return recipients.length > 0 && recipients.every((id) => id !== null && clientIds.includes(id));
}

/**
 * Adobe I/O Events (https://developer.adobe.com/events/docs/guides/#security-considerations): two RSA signatures of the body,
 * by keys of which either may be rotated out. They are the same keys for every customer of Adobe, so that the client id in the
 * signed body says whether an event was meant for this one.
 */
async function verifyEvents(
  delivery: Parameters<Provider['verify']>[0],
  context: VerifyContext,
  clientIds: readonly string[],
): Promise<Verdict> {
  let last = refuse('signature_missing');
  for (const way of WAYS) {
    const header = `x-adobe-digital-signature-${way}`;
    const path = delivery.headers.get(`x-adobe-public-key${way}-path`);
    if (!path || !delivery.headers.get(header)) continue;
    const key = KEY_FILE.test(path) && !path.includes('..') ? await keyAt(path, context.fetch) : null;
    const scheme: SignatureScheme = { ...commerce, header, signed: '{body}', keys: () => (key ? [key] : []) };
    const verdict = key ? await signatureVerifier(scheme)(delivery, context) : refuse('key_unavailable');
    if (verdict.ok) return isFor(delivery.body, clientIds) ? verdict : refuse('signature_mismatch');
    last = verdict;
  }
  return last;
}

/** A secret that is a public key belongs to Commerce's own webhooks; any other is the client id of an Events project. */
export const verify: Provider['verify'] = async (delivery, context) => {
  const secrets = context.secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
  if (secrets.length === 0) return refuse('secret_missing');
  const clientIds = secrets.filter((secret) => decodePem(secret) === null || secret.length < 100);
  const publicKeys = secrets.filter((secret) => !clientIds.includes(secret));
  const isEvents = WAYS.some((way) => delivery.headers.has(`x-adobe-digital-signature-${way}`));
  if (isEvents) return clientIds.length > 0 ? verifyEvents(delivery, context, clientIds) : refuse('secret_missing');
  if (!delivery.headers.get(commerce.header)?.trim()) return refuse('signature_missing');
  return verifyCommerce(delivery, { ...context, secrets: publicKeys });
};
