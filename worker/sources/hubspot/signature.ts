import { isSame, sha256Hex, utf8 } from '../../platform/hmac.ts';
import type { Delivery, Provider, Refusal, Verdict, VerifyContext } from '../provider.ts';
import { signedUrl } from '../public-url.ts';
import { type SignatureScheme, signatureVerifier } from '../verify.ts';

/**
 * https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests. Version 3: base64 HMAC-SHA256 of method,
 * address, body and the time in milliseconds.
 */
export const hubspotScheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-HubSpot-Signature-v3',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{method}{url}{body}{timestamp}',
  timestamp: { header: 'X-HubSpot-Request-Timestamp', unit: 'milliseconds', toleranceSeconds: 300 },
  url: signedUrl,
};

const verifyThird = signatureVerifier(hubspotScheme);

const refuse = (refusal: Refusal): Verdict => ({ ok: false, refusal });

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Versions 1 and 2, which older apps still have: hex SHA-256, no HMAC, of secret and body, with method and address between
 * them in version 2. Without a time a repetition passes, and is one: its events have the ids they had before.
 */
async function verifyOlder(delivery: Delivery, { secrets, settings }: VerifyContext): Promise<Verdict> {
  const known = secrets.filter((secret) => secret.trim() !== '');
  if (known.length === 0) return refuse({ reason: 'secret_missing' });
  const given = delivery.headers.get('X-HubSpot-Signature');
  if (!given) return refuse({ reason: 'signature_missing' });
  if (!/^[0-9a-f]{64}$/.test(given)) return refuse({ reason: 'signature_malformed' });
  const isSecond = delivery.headers.get('X-HubSpot-Signature-Version')?.toLowerCase() === 'v2';
  const address = isSecond ? delivery.method + signedUrl(delivery, settings) : '';
  for (const secret of known) {
    const expected = await sha256Hex(joined(utf8(secret + address), delivery.body));
    if (await isSame(given, expected)) return { ok: true };
  }
  return refuse({ reason: 'signature_mismatch' });
}

/** By the newest version the delivery has: HubSpot sends the first beside the third. */
export const verifyHubspot: Provider['verify'] = (delivery, context) =>
  delivery.headers.has(hubspotScheme.header) ? verifyThird(delivery, context) : verifyOlder(delivery, context);
