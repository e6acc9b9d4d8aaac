import type { Mailbox } from '../provider-mailer.ts';

/**
 * `Name <address>` (RFC 5322 section 3.4), the name as a quoted string. The providers encode what is not ASCII themselves;
 * a name of several lines would be another header and is put on one.
 */
export function mailboxText({ address, name }: Mailbox): string {
  const words = name?.replaceAll(/[\r\n\t]+/g, ' ').trim() ?? '';
  return words === '' ? address : `"${words.replaceAll(/["\\]/g, '\\$&')}" <${address}>`;
}
