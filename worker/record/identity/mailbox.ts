/** One mailbox under two names, as some hosts have it. */
const SAME_DOMAIN: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };
/** Shorter ones are everybody's: a@, me@. */
const MIN_MAILBOX = 3;

/**
 * How a mailbox may be spelt in other ways: without the dots and the part after a plus that some hosts pass over. Others do not, so
 * that this is a hint and never a link. Null where too little is left. Takes a normalised address.
 */
export function mailboxKey(email: string): string | null {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at).replace(/\+.*$/, '').replaceAll('.', '');
  const domain = email.slice(at + 1);
  return local.length < MIN_MAILBOX ? null : `${local}@${SAME_DOMAIN[domain] ?? domain}`;
}
