import type { Json } from '../../schema/touchpoint.ts';
import {
  decodeBase64,
  decodeHex,
  encodeBase64,
  encodeHex,
  type HmacHash,
  signHmac,
  utf8,
  verifyEd25519,
  verifyHmac,
} from '../platform/hmac.ts';
import { parseJson } from '../platform/json.ts';
import { decodePem, verifyEcdsa, verifyRsa } from '../platform/public-key.ts';
import type { Delivery, Provider, Refusal, Verdict, VerifyContext } from './provider.ts';
import { idOf, type JsonObject, objectOf } from './read.ts';

/**
 * One verifier for the senders that put a signature in a header. What differs between them is written down as a scheme:
 * which header, how it is laid out, which bytes are signed, how the result is spelled, and how old it may be.
 */
export type SignatureScheme = {
  readonly algorithm: HmacHash | 'Ed25519' | 'RSA-SHA-256' | 'ECDSA-SHA-256';
  readonly header: string;
  readonly layout: Layout;
  readonly encoding: 'hex' | 'base64';
  /**
   * The signed bytes: `{body}`, `{timestamp}.{body}`, `{url}{body}`, `{method}{url}{body}{timestamp}`, `{id}.{timestamp}.{body}`;
   * a function where no template says it.
   */
  readonly signed: string | ((parts: SignedParts) => Uint8Array);
  /** Header of the message id, for schemes that sign one. */
  readonly idHeader?: string;
  readonly timestamp?: {
    /** Header that holds it; without one it is a field of the signature header (see `layout.timestamp`). */
    readonly header?: string;
    readonly unit: 'seconds' | 'milliseconds' | 'iso';
    /** Clocks differ both ways, so that a time ahead is refused as well as one behind. */
    readonly toleranceSeconds: number;
  };
  /**
   * Keys a stored secret may stand for; none for a secret of another scheme. Unless told, the UTF-8 bytes of the text, and for
   * RSA and ECDSA the public key that the text is in PEM.
   */
  readonly keys?: (secret: string) => readonly Uint8Array[];
  /** The URL the sender signed, where that is not the one the worker sees (a route, a proxy). */
  readonly url?: (delivery: Delivery, settings: Readonly<Record<string, Json>>) => string;
};

/**
 * How a signature header is written.
 * `plain`: the signature itself, behind an optional prefix (`sha256=`). One value: a header sent twice is refused.
 * `pairs`: `t=1,v1=ab,v1=cd` with any number of signatures and at most one timestamp.
 * `list`: `v1,AbC= v1,DeF= v1a,GhI=` as Standard Webhooks has it; entries of other versions are passed over.
 */
export type Layout =
  | { readonly as: 'plain'; readonly prefix?: string }
  | { readonly as: 'pairs'; readonly separator: ',' | ';'; readonly signature: string; readonly timestamp?: string }
  | { readonly as: 'list'; readonly version: string };

type SignatureHeader = { readonly signatures: readonly string[]; readonly timestamp: string | null };

/** During a rotation a sender signs with two or three keys; more is somebody buying CPU time. */
const MAX_SIGNATURES = 8;

const textKey = (secret: string): readonly Uint8Array[] => [utf8(secret)];
const pemKey = (secret: string): readonly Uint8Array[] => [decodePem(secret)].filter((key) => key !== null);

const keysOf = ({ algorithm, keys }: SignatureScheme) =>
  keys ?? (algorithm === 'RSA-SHA-256' || algorithm === 'ECDSA-SHA-256' ? pemKey : textKey);

const refuse = (refusal: Refusal): Verdict => ({ ok: false, refusal });

/** The `verify` member of a provider that signs as `scheme` says. */
export function signatureVerifier(scheme: SignatureScheme): Provider['verify'] {
  return async (delivery, context) => {
    const secrets = context.secrets.filter((secret) => secret.trim() !== '');
    const keys = secrets.flatMap(keysOf(scheme)).filter((key) => key.length > 0);
    if (keys.length === 0) return refuse({ reason: 'secret_missing' });
    const claim = readClaim(scheme, delivery, context);
    if ('reason' in claim) return refuse(claim);
    const isGenuine = await matchesAny(scheme.algorithm, keys, claim);
    return isGenuine ? { ok: true } : refuse({ reason: 'signature_mismatch' });
  };
}

/** What a delivery claims: these signatures over these bytes. */
type Claim = { readonly signatures: readonly Uint8Array[]; readonly bytes: Uint8Array };

function readClaim(scheme: SignatureScheme, delivery: Delivery, context: VerifyContext): Claim | Refusal {
  const raw = delivery.headers.get(scheme.header);
  if (!raw) return { reason: 'signature_missing' };
  const header = parseHeader(scheme.layout, raw);
  const signatures = header && decodeAll(header.signatures, scheme.encoding);
  if (!signatures) return { reason: 'signature_malformed' };

  const timestamp = scheme.timestamp?.header ? delivery.headers.get(scheme.timestamp.header) : header.timestamp;
  const staleness = checkTime(scheme, timestamp, context.now);
  if (staleness) return staleness;
  const id = scheme.idHeader ? delivery.headers.get(scheme.idHeader) : '';
  if (id === null) return { reason: 'signature_missing' };

  const url = scheme.url?.(delivery, context.settings) ?? delivery.url.href;
  const parts = { body: delivery.body, timestamp: timestamp ?? '', id, url, method: delivery.method };
  return { signatures, bytes: signedBytes(scheme.signed, parts) };
}

async function matchesAny(algorithm: SignatureScheme['algorithm'], keys: readonly Uint8Array[], claim: Claim) {
  for (const key of keys) {
    for (const signature of claim.signatures) {
      if (await verifyBytes(algorithm, key, signature, claim.bytes)) return true;
    }
  }
  return false;
}

/** What a delivery is signed with, for a sample: the message, the moment and the key. */
export type Signable = {
  readonly secret: string;
  readonly body: string;
  readonly now: number;
  readonly id?: string;
  readonly url?: string;
  readonly method?: string;
};

/** The headers a sender of this scheme would add. HMAC only: nobody holds a sender's private key. */
export async function signedHeaders(scheme: SignatureScheme, message: Signable): Promise<Record<string, string>> {
  const key = keysOf(scheme)(message.secret)[0];
  if (!isHmac(scheme.algorithm) || !key) throw new TypeError(`cannot sign ${scheme.header} with this secret`);
  const timestamp = writeTime(scheme.timestamp?.unit ?? 'seconds', message.now);
  const id = message.id ?? '';
  const parts = { body: utf8(message.body), timestamp, id, url: message.url ?? '', method: message.method ?? 'POST' };
  const signature = await signHmac(scheme.algorithm, key, signedBytes(scheme.signed, parts));
  const text = scheme.encoding === 'hex' ? encodeHex(signature) : encodeBase64(signature);
  return {
    ...(scheme.idHeader && { [scheme.idHeader]: id }),
    ...(scheme.timestamp?.header && { [scheme.timestamp.header]: timestamp }),
    [scheme.header]: writeHeader(scheme.layout, text, timestamp),
  };
}

function parseHeader(layout: Layout, raw: string): SignatureHeader | null {
  if (layout.as === 'plain') return parsePlain(raw, layout.prefix ?? '');
  if (layout.as === 'list') return parseList(raw, layout.version);
  return parsePairs(raw, layout);
}

/** A comma means that the header came twice and was joined: it is in no signature alphabet, so decoding refuses it. */
function parsePlain(raw: string, prefix: string): SignatureHeader | null {
  return raw.startsWith(prefix) ? { signatures: [raw.slice(prefix.length)], timestamp: null } : null;
}

function parseList(raw: string, version: string): SignatureHeader | null {
  const signatures = raw
    .split(' ')
    .filter((entry) => entry.startsWith(`${version},`))
    .map((entry) => entry.slice(version.length + 1));
  return signatures.length > 0 ? { signatures, timestamp: null } : null;
}

function parsePairs(raw: string, layout: Extract<Layout, { as: 'pairs' }>): SignatureHeader | null {
  const pairs = raw.split(layout.separator).map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return { key: key.trim(), value: value.join('=').trim() };
  });
  const valuesOf = (key: string | undefined) => pairs.filter((pair) => pair.key === key).map((pair) => pair.value);
  const signatures = valuesOf(layout.signature);
  const timestamps = valuesOf(layout.timestamp);
  if (signatures.length === 0 || timestamps.length > 1) return null;
  return { signatures, timestamp: timestamps[0] ?? null };
}

function decodeAll(signatures: readonly string[], encoding: 'hex' | 'base64'): readonly Uint8Array[] | null {
  if (signatures.length > MAX_SIGNATURES) return null;
  const decode = encoding === 'hex' ? decodeHex : decodeBase64;
  const decoded = signatures.map(decode).filter((bytes) => bytes !== null && bytes.length > 0);
  return decoded.length === signatures.length ? decoded.filter((bytes) => bytes !== null) : null;
}

/** Null when the time is within the tolerance, or when the scheme has none. */
function checkTime({ timestamp: rule }: SignatureScheme, raw: string | null, now: number): Refusal | null {
  if (!rule) return null;
  if (!raw) return { reason: rule.header ? 'signature_missing' : 'signature_malformed' };
  const sentAt = readTime(rule.unit, raw);
  if (sentAt === null) return { reason: 'signature_malformed' };
  const ageSeconds = Math.round((now - sentAt) / 1000);
  return Math.abs(now - sentAt) > rule.toleranceSeconds * 1000 ? { reason: 'timestamp_stale', ageSeconds } : null;
}

function readTime(unit: 'seconds' | 'milliseconds' | 'iso', raw: string): number | null {
  if (unit === 'iso') {
    const time = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(raw) ? Date.parse(raw) : Number.NaN;
    return Number.isNaN(time) ? null : time;
  }
  if (!/^\d{1,16}$/.test(raw)) return null;
  return unit === 'seconds' ? Number(raw) * 1000 : Number(raw);
}

function writeTime(unit: 'seconds' | 'milliseconds' | 'iso', now: number): string {
  if (unit === 'iso') return new Date(now).toISOString();
  return String(unit === 'seconds' ? Math.floor(now / 1000) : now);
}

function writeHeader(layout: Layout, signature: string, timestamp: string): string {
  if (layout.as === 'plain') return `${layout.prefix ?? ''}${signature}`;
  if (layout.as === 'list') return `${layout.version},${signature}`;
  const time = layout.timestamp ? `${layout.timestamp}=${timestamp}${layout.separator}` : '';
  return `${time}${layout.signature}=${signature}`;
}

/** What a signature may be made over. */
export type SignedParts = {
  readonly body: Uint8Array;
  readonly timestamp: string;
  readonly id: string;
  readonly url: string;
  readonly method: string;
};

/** Fills the template. Works on bytes: decoding the body to text first would repair what was sent. */
function signedBytes(template: SignatureScheme['signed'], parts: SignedParts): Uint8Array {
  if (typeof template === 'function') return template(parts);
  const pieces = template.split(/\{(body|timestamp|id|url|method)\}/).map((piece, index) => {
    if (index % 2 === 0) return utf8(piece);
    return piece === 'body' ? parts.body : utf8(textPart(parts, piece));
  });
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

function textPart(parts: SignedParts, name: string): string {
  if (name === 'timestamp') return parts.timestamp;
  if (name === 'id') return parts.id;
  return name === 'url' ? parts.url : parts.method;
}

const isHmac = (algorithm: SignatureScheme['algorithm']): algorithm is HmacHash =>
  algorithm === 'SHA-256' || algorithm === 'SHA-1' || algorithm === 'SHA-512';

function verifyBytes(
  algorithm: SignatureScheme['algorithm'],
  key: Uint8Array,
  signature: Uint8Array,
  bytes: Uint8Array,
): Promise<boolean> {
  if (isHmac(algorithm)) return verifyHmac(algorithm, key, signature, bytes);
  if (algorithm === 'Ed25519') return verifyEd25519(key, signature, bytes);
  return (algorithm === 'RSA-SHA-256' ? verifyRsa : verifyEcdsa)(key, signature, bytes);
}

/** Accepts what any of the verifiers accepts; otherwise gives the refusal of the one that got furthest. */
export function anyOf(verifiers: readonly Provider['verify'][]): Provider['verify'] {
  return async (delivery: Delivery, context: VerifyContext) => {
    let last: Verdict = refuse({ reason: 'secret_missing' });
    for (const verify of verifiers) {
      const verdict = await verify(delivery, context);
      if (verdict.ok) return verdict;
      if (last.ok || last.refusal.reason === 'secret_missing') last = verdict;
    }
    return last;
  };
}

/**
 * For senders that sign fields of the body instead of the body: the fields are read as headers of the given names, and no
 * header of such a name that came with the request is believed. What is signed says nothing of the event then, so that the
 * message id has to be made of it alone: a signature that is used again with another body is then a duplicate and no news.
 */
export const withBodyFields =
  (fieldsOf: (body: JsonObject) => Readonly<Record<string, Json | undefined>>, verify: Provider['verify']) =>
  (delivery: Delivery, context: VerifyContext): Promise<Verdict> => {
    const parsed = parseJson(delivery.body);
    const headers = new Headers(delivery.headers);
    for (const [name, value] of Object.entries(fieldsOf(objectOf(parsed.ok ? parsed.value : null)))) {
      const text = idOf(value);
      headers.delete(name);
      if (text !== null && /^[\x20-\x7e]+$/.test(text)) headers.set(name, text);
    }
    return verify({ ...delivery, headers }, context);
  };
