/**
 * Secrets in a body. Before it is kept, what no translation reads is masked: passwords, keys, card numbers, and signatures that
 * stand in the body, which could be used again. What a replay may need (a cart's or a checkout's `token`) is kept as it came and
 * masked when it is shown.
 */

export const MASK = '[masked]';

/** Fields that are masked before a body is kept. */
const KEPT =
  /^(?:[\w-]{0,40}(?:password|passwd|passphrase)[\w-]{0,40}|(?:access|refresh|auth|bearer)[_-]?token|(?:client|app|shared)[_-]?secret|(?:api|secret|private)[_-]?key|authorization|signature|cv[vc]2?|(?:credit|debit)?[_-]?card[_-]?(?:number|no)|(?:credit|debit)[_-]?card|iban|ssn)$/i;
/** Fields that are masked besides when a body is shown. */
const SHOWN = /(?:token|secret|signature|hmac|api[_-]?key|order_key|session|credential|jwt)$/i;

/** Quick look: most bodies hold nothing of the kind, and are not gone through a second time. */
const HINT =
  /pass|secret|signature|authori[sz]ation|(?:access|refresh|auth|bearer)[_-]?token|(?:api|private)[_-]?key|cv[vc]|card|iban|ssn|\d(?:[ -]?\d){14}/i;

const isSecret = (name: string, isShown: boolean): boolean => KEPT.test(name) || (isShown && SHOWN.test(name));

/** Names of fields whose digits are an id and no card, though one in some hundred looks like one. */
const IS_ID = /id|key|token|ref|number|order|sku|gtin|ean|code|phone/i;

/** Whether digits are a card's: the length and beginning of a known network, and the check digit (ISO/IEC 7812). */
export function isCardNumber(digits: string): boolean {
  if (!/^(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|35\d{14})$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

const CARD = /(?<![\w.+-])\d(?:[ -]?\d){14,15}(?![\w.-])/g;

/** Card numbers within a text that people wrote. */
const withoutCards = (text: string): string =>
  text.replace(CARD, (found) => (isCardNumber(found.replace(/[ -]/g, '')) ? MASK : found));

const PAIR = /"((?:[^"\\]|\\.){1,100})"(\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/g;

/** The text of a JSON document with its secrets masked; everything else stays to the letter. */
const maskJson = (text: string, isShown: boolean): string =>
  text.replace(PAIR, (whole, name: string, between: string, value: string) => {
    if (isSecret(name, isShown)) return `"${name}"${between}"${MASK}"`;
    // A bare number is an id or an amount; text that is nothing but digits is one too, by its name.
    if (!value.startsWith('"') || (/^"\d+"$/.test(value) && IS_ID.test(name))) return whole;
    return `"${name}"${between}${withoutCards(value)}`;
  });

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** The innermost name of a field: `customer[password]` is a password. */
const lastName = (name: string): string => /([\w-]+)\]?$/.exec(name)?.[1] ?? name;

function maskValue(name: string, value: string, isShown: boolean): string {
  if (isSecret(lastName(name), isShown)) return MASK;
  return IS_ID.test(name) ? value : withoutCards(value);
}

// Both go through a body piece by piece: a pattern over the whole of it would begin anew at each of its letters.

const maskForm = (text: string, isShown: boolean): string =>
  text
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) return pair;
      const plain = decoded(pair.slice(at + 1));
      const masked = maskValue(decoded(pair.slice(0, at)), plain, isShown);
      return masked === plain ? pair : `${pair.slice(0, at)}=${encodeURIComponent(masked)}`;
    })
    .join('&');

const BETWEEN = '\r\n--';
const END_OF_HEAD = '\r\n\r\n';

const maskParts = (text: string, isShown: boolean): string =>
  text
    .split(BETWEEN)
    .map((part) => {
      const at = part.indexOf(END_OF_HEAD);
      const name = at < 0 ? null : /[; ]name="([^"\r\n]{0,200})"/i.exec(part.slice(0, Math.min(at, 2000)))?.[1];
      if (!name) return part;
      const head = part.slice(0, at + END_OF_HEAD.length);
      return head + maskValue(name, part.slice(head.length), isShown);
    })
    .join(BETWEEN);

function mask(text: string, contentType: string, isShown: boolean): string {
  if (/^multipart\/form-data/i.test(contentType)) return maskParts(text, isShown);
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) return maskForm(text, isShown);
  return maskJson(text, isShown);
}

/** A body as it is kept: the same bytes when it holds no secret, or is no text. */
export function maskForKeeping(body: Uint8Array<ArrayBuffer>, contentType: string): Uint8Array<ArrayBuffer> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    if (!HINT.test(text)) return body;
    const masked = mask(text, contentType, false);
    return masked === text ? body : new TextEncoder().encode(masked);
  } catch {
    // Not UTF-8: nothing of it can be read as fields.
    return body;
  }
}

/** The text of a kept body as it is shown. */
export const maskForShowing = (text: string, contentType: string): string => mask(text, contentType, true);
