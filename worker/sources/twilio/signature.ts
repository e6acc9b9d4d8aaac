import type { Json } from '../../../schema/touchpoint.ts';
import { isSame, sha256Hex, utf8 } from '../../platform/hmac.ts';
import type { Delivery, Provider, Verdict, VerifyContext } from '../provider.ts';
import { publicUrl } from '../public-url.ts';
import { anyOf, type SignatureScheme, type SignedParts, signatureVerifier } from '../verify.ts';

/**
 * https://www.twilio.com/docs/usage/security#validating-requests: base64 HMAC-SHA1, keyed with the auth token, of the whole address
 * and then of all fields of the form, sorted, name and value without anything between. A body of JSON is not in it: its
 * SHA-256 stands in the address as `bodySHA256`.
 */
const DIGEST = 'bodySHA256';

/** `publicUrl` names the place; what Twilio adds to the query comes with the request. */
function addressOf({ url }: Delivery, settings: Readonly<Record<string, Json>>): string {
  const named = publicUrl(settings);
  return named === null ? url.href : named.includes('?') ? named : named + url.search;
}

/** With the port spelled out: which of the two Twilio signs depends on its product. */
function withPort(address: string): string {
  const { protocol, host, port } = new URL(address);
  return port === '' ? address.replace(host, `${host}:${protocol === 'https:' ? 443 : 80}`) : address;
}

export function signedForm({ url, body }: SignedParts): Uint8Array {
  if (new URL(url).searchParams.has(DIGEST)) return utf8(url);
  const fields = new URLSearchParams(new TextDecoder().decode(body));
  const values = new Map<string, Set<string>>();
  for (const [name, value] of fields) values.set(name, (values.get(name) ?? new Set()).add(value));
  // A field that comes twice counts once for each of its values, these sorted as well.
  const pairs = [...values.keys()].sort().flatMap((name) => [...(values.get(name) ?? [])].sort().map((v) => name + v));
  return utf8(url + pairs.join(''));
}

export const twilioScheme: SignatureScheme = {
  algorithm: 'SHA-1',
  header: 'X-Twilio-Signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: signedForm,
  url: addressOf,
};

const verifyAddress = anyOf([
  signatureVerifier(twilioScheme),
  signatureVerifier({ ...twilioScheme, url: (delivery, settings) => withPort(addressOf(delivery, settings)) }),
]);

export const verifyTwilio: Provider['verify'] = async (
  delivery: Delivery,
  context: VerifyContext,
): Promise<Verdict> => {
  const verdict = await verifyAddress(delivery, context);
  const digest = delivery.url.searchParams.get(DIGEST);
  if (!verdict.ok || digest === null) return verdict;
  const isBody = await isSame(await sha256Hex(delivery.body), digest.toLowerCase());
  return isBody ? verdict : { ok: false, refusal: { reason: 'signature_mismatch' } };
};
