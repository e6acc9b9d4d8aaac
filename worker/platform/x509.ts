/**
 * As much of X.509 (RFC 5280 section 4.1) as it takes to lift the public key out of a certificate whose sender is already
 * known by the address it was fetched from. Nothing else in the certificate is looked at: no names, no dates, no chain.
 */

/** One element of DER (X.690 section 8.1): where it begins, where its content begins, where it ends. */
type Element = { readonly tag: number; readonly from: number; readonly content: number; readonly end: number };

const SEQUENCE = 0x30;
/** `[0] EXPLICIT Version`, which certificates of version 1 leave out. */
const VERSION = 0xa0;
/** Serial number, signature algorithm, issuer, validity, subject. */
const FIELDS_BEFORE_KEY = 5;

function elementAt(der: Uint8Array, from: number, limit: number): Element | null {
  const first = der[from + 1];
  if (first === undefined || from + 2 > limit) return null;
  // From 128 on the low bits say how many bytes hold the length; a certificate needs no more than three.
  const extra = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || extra > 3) return null;
  const length =
    extra === 0 ? first : der.subarray(from + 2, from + 2 + extra).reduce((sum, byte) => sum * 256 + byte, 0);
  const content = from + 2 + extra;
  const end = content + length;
  return end <= limit ? { tag: der[from] ?? 0, from, content, end } : null;
}

function childrenOf(der: Uint8Array, parent: Element): readonly Element[] | null {
  const children: Element[] = [];
  for (let at = parent.content; at < parent.end; ) {
    const child = elementAt(der, at, parent.end);
    if (!child) return null;
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The SPKI of a certificate in DER, or null when it is none. */
export function publicKeyOf(certificate: Uint8Array): Uint8Array | null {
  const whole = elementAt(certificate, 0, certificate.length);
  const tbs = whole?.tag === SEQUENCE ? childrenOf(certificate, whole)?.[0] : null;
  const fields = tbs?.tag === SEQUENCE ? childrenOf(certificate, tbs) : null;
  if (!fields) return null;
  const spki = fields[FIELDS_BEFORE_KEY + (fields[0]?.tag === VERSION ? 1 : 0)];
  return spki?.tag === SEQUENCE ? certificate.slice(spki.from, spki.end) : null;
}
