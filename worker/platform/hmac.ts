/**
 * Signatures and digests with WebCrypto. Verification is `crypto.subtle.verify`, which compares in constant time;
 * decoders answer null for anything but the one canonical spelling of a value, so that no second spelling of a
 * signature is accepted.
 */

export type HmacHash = 'SHA-256' | 'SHA-1' | 'SHA-512';
type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Bytes => encoder.encode(text);

// WebCrypto refuses views on shared memory, and the type of a plain Uint8Array allows for one.
const owned = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer ? viewOf(bytes, bytes.buffer) : new Uint8Array(bytes);
const viewOf = (bytes: Uint8Array, buffer: ArrayBuffer): Bytes =>
  new Uint8Array(buffer, bytes.byteOffset, bytes.byteLength);

const importHmac = (hash: HmacHash, key: Uint8Array, usage: 'sign' | 'verify'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', owned(key), { name: 'HMAC', hash }, false, [usage]);

/** HMAC (RFC 2104) of `bytes`. An empty key is a programming error: it would sign for everybody. */
export async function signHmac(hash: HmacHash, key: Uint8Array, bytes: Uint8Array): Promise<Bytes> {
  if (key.length === 0) throw new RangeError('an HMAC key must not be empty');
  return new Uint8Array(await crypto.subtle.sign('HMAC', await importHmac(hash, key, 'sign'), owned(bytes)));
}

/** True when `signature` is the HMAC of `bytes`. An empty key verifies nothing. */
export async function verifyHmac(
  hash: HmacHash,
  key: Uint8Array,
  signature: Uint8Array,
  bytes: Uint8Array,
): Promise<boolean> {
  if (key.length === 0) return false;
  return crypto.subtle.verify('HMAC', await importHmac(hash, key, 'verify'), owned(signature), owned(bytes));
}

/** True when `signature` is the Ed25519 signature (RFC 8032) of `bytes` under a raw 32-byte public key. */
export async function verifyEd25519(publicKey: Uint8Array, signature: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = await crypto.subtle.importKey('raw', owned(publicKey), { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, owned(signature), owned(bytes));
}

/** SHA-256 of `bytes` in lower-case hex. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', owned(bytes))));
}

export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes of lower-case hex, or null. Capitals are refused: they would be a second spelling. */
export function decodeHex(text: string): Bytes | null {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Bytes of padded standard base64 (RFC 4648 section 4), or null, also when the unused last bits are not zero. */
export function decodeBase64(text: string): Bytes | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    // A length or padding the pattern let through; it is malformed like the rest.
    return null;
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return encodeBase64(bytes) === text ? bytes : null;
}

/** Compares in constant time, whatever the lengths: a MAC of the one is checked against the other, under a key of the moment. */
export async function isSame(given: string, expected: string): Promise<boolean> {
  const key = crypto.getRandomValues(new Uint8Array(32));
  return verifyHmac('SHA-256', key, await signHmac('SHA-256', key, utf8(expected)), utf8(given));
}
