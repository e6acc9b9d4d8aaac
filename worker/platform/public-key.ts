import { decodeBase64 } from './hmac.ts';

/** Public keys as senders give them, and the signatures made with their private halves. Keys are SPKI (RFC 5280 section 4.1). */

/** DER bytes of a PEM block, or of the same base64 without its frame; null when it is neither. */
export function decodePem(text: string): Uint8Array<ArrayBuffer> | null {
  const framed = /-----BEGIN [A-Z ]+-----([^-]+)-----END [A-Z ]+-----/.exec(text);
  const bytes = decodeBase64((framed?.[1] ?? text).replace(/\s/g, ''));
  return bytes !== null && bytes.length > 0 ? bytes : null;
}

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

async function importSpki(
  spki: Uint8Array,
  algorithm: RsaHashedImportParams | EcKeyImportParams,
): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('spki', copy(spki), algorithm, false, ['verify']);
  } catch {
    // No SPKI, or a key of another kind: what was pasted is no key of this scheme, and verifies nothing.
    return null;
  }
}

/** True when `signature` is the RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017) of `bytes`. */
export async function verifyRsa(spki: Uint8Array, signature: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const key = await importSpki(spki, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' });
  return key !== null && crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, copy(signature), copy(bytes));
}

/** True when `signature`, in DER, is the ECDSA signature on P-256 with SHA-256 of `bytes`. */
export async function verifyEcdsa(spki: Uint8Array, signature: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const raw = rawSignature(signature);
  const key = raw && (await importSpki(spki, { name: 'ECDSA', namedCurve: 'P-256' }));
  return (
    key !== null && raw !== null && crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, copy(bytes))
  );
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const HALF = 32;

/**
 * WebCrypto wants r and s side by side; DER (RFC 3279 section 2.2.3) has two integers without leading zeros. Only the one
 * canonical spelling is taken, so that a signature has no second form.
 */
function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) return null;
  const raw = new Uint8Array(2 * HALF);
  let at = 2;
  for (const end of [HALF, 2 * HALF]) {
    const length = der[at + 1] ?? 0;
    const value = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== INTEGER || length === 0 || value.length !== length || !isMinimal(value)) return null;
    const digits = value[0] === 0 ? value.subarray(1) : value;
    if (digits.length > HALF) return null;
    raw.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}

/** Not negative, and without a zero that the sign bit does not ask for. */
const isMinimal = ([first = 0, second = 0]: Uint8Array): boolean => first < 0x80 && (first !== 0 || second >= 0x80);
