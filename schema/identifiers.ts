import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** RFC 5321 section 4.5.3.1: 64 octets before the @, 254 characters in all. */
const MAX_EMAIL = 254;
const MAX_LOCAL_PART = 64;

const LOCAL_PART = /^[^\s\p{C}<>()[\]\\,;:"@]+$/u;
const DOMAIN_LABEL = /^[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u;

/**
 * Words that programs write where an identifier is missing. A person is never known by one of these: the first two
 * visitors called "null" would be taken for one. The union of the lists Segment Unify and PostHog publish.
 */
const BLOCKED: ReadonlySet<string> = new Set([
  'null',
  'undefined',
  'none',
  'nil',
  'nan',
  'n/a',
  'unknown',
  'anonymous',
  'guest',
  'true',
  'false',
  'id',
  'email',
  'distinctid',
  'distinct_id',
  'user_id',
  'userid',
  'not_authenticated',
  '[object object]',
  '-1',
]);

/** Addresses that a team reads, or nobody does. They reach people but are not a person, so they never join records. */
const SHARED_LOCAL_PARTS: ReadonlySet<string> = new Set(
  (
    'info noreply donotreply support sales contact contactus hello hi office admin administrator service services ' +
    'customerservice customercare help helpdesk team mail email post billing invoice invoices accounts accounting ' +
    'finance orders order shop store web webmaster postmaster hostmaster mailerdaemon abuse security privacy legal ' +
    'press media marketing newsletter news jobs careers hr recruiting enquiries enquiry inquiry reception booking ' +
    'bookings reservations feedback purchasing kontakt vertrieb verkauf buchhaltung rechnung rechnungen einkauf ' +
    'kundenservice bestellung biuro sklep zamowienia ksiegowosc contacto ventas atencioncliente contato vendas ' +
    'accueil commande commandes comptabilite informazioni ordini amministrazione ofis poruchki schetovodstvo'
  ).split(' '),
);

const PAIRED_QUOTES = /^(["'`])(.*)\1$/s;

/** True for a value that stands for "nobody" and must not become an identifier, quoted or not. */
export function isBlockedValue(value: string): boolean {
  let word = value.normalize('NFKC').trim().toLowerCase();
  for (let quoted = PAIRED_QUOTES.exec(word); quoted; quoted = PAIRED_QUOTES.exec(word))
    word = (quoted[2] ?? '').trim();
  // Blank, zeros and the all-zero UUID: what is left when an id was never set.
  return BLOCKED.has(word) || /^[0-]*$/.test(word);
}

/**
 * The form e-mail addresses are compared in: trimmed, NFKC, lower case. Dots and plus tags are kept, since only some
 * hosts ignore them. Null when it does not have the shape of an address.
 */
export function normaliseEmail(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_EMAIL * 2) return null;
  const email = value.normalize('NFKC').toLowerCase().normalize('NFKC').trim();
  const at = email.lastIndexOf('@');
  if (at < 1 || at > MAX_LOCAL_PART || email.length > MAX_EMAIL) return null;
  const labels = email.slice(at + 1).split('.');
  const isDomain = labels.length > 1 && labels.every((label) => label.length <= 63 && DOMAIN_LABEL.test(label));
  const topLevel = labels.at(-1) ?? '';
  if (!isDomain || topLevel.length < 2 || /^\d+$/.test(topLevel)) return null;
  const local = email.slice(0, at);
  if (!LOCAL_PART.test(local) || isBlockedValue(email)) return null;
  return email;
}

/**
 * A telephone number as E.164 (`+48123234456`), read with `country` (ISO 3166 alpha-2) when it has no country code.
 * Null when it is no valid number, and for the made-up ones that forms are full of (555 555 5555): two strangers share them.
 */
export function normalisePhone(value: unknown, country?: string | null): string | null {
  if (typeof value !== 'string' || value.length > 60) return null;
  // 00 is the call prefix of most of the world and opens no national number anywhere.
  const written = value
    .normalize('NFKC')
    .trim()
    .replace(/^00(?=[1-9])/, '+');
  const region = country?.toUpperCase() ?? '';
  const phone = isSupportedCountry(region)
    ? parsePhoneNumberFromString(written, { defaultCountry: region, extract: false })
    : parsePhoneNumberFromString(written, { extract: false });
  if (!phone?.isValid() || /^(\d)\1+$/.test(phone.nationalNumber)) return null;
  return phone.number;
}

/** True for an address that is read by several people or by none: `info@`, `noreply@`. Takes a normalised e-mail. */
export function isSharedMailbox(email: string): boolean {
  const local = email.slice(0, email.lastIndexOf('@')).replace(/\+.*$/, '');
  return SHARED_LOCAL_PARTS.has(local.replace(/[._-]/g, ''));
}
