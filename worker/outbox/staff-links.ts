import { LOCALES } from '../../schema/survey.ts';
import { chooseLocale } from '../../widgets/locales/locale.ts';
import type { Runtime } from '../platform/env.ts';
import { customerIdOf } from '../record/customers.ts';
import { linkByStaff, linkUrl } from './links.ts';
import { putMail } from './mails.ts';
import { ownerOf, recipientOf } from './recipients.ts';
import { canSend } from './way.ts';

/** Handing somebody the link to their own data: as words to pass on, or as a mail. */

export type Made = { readonly url: string; readonly expiresAt: number };

/** A link to hand over; null where there is nobody, or no key to sign it with. Whoever opens it first sees the record. */
export async function makeStaffLink(runtime: Runtime, publicId: string, origin: string): Promise<Made | null> {
  const customer = await customerIdOf(runtime.db, publicId);
  const owner = customer === null ? null : await ownerOf(runtime, customer);
  if (!owner || !runtime.tokenKey) return null;
  const link = await linkByStaff(runtime, owner.fragmentId);
  return { url: await linkUrl(runtime.tokenKey, origin, link, ''), expiresAt: link.expiresAt };
}

export type SentLink =
  | { readonly ok: true; readonly mailId: string }
  | { readonly ok: false; readonly why: 'nobody' | 'no_address' | 'cannot_send' };

/** Sends the link to the best address that is theirs, in their language if it is one of ours. */
export async function sendStaffLink(runtime: Runtime, publicId: string, origin: string): Promise<SentLink> {
  const customer = await customerIdOf(runtime.db, publicId);
  if (customer === null) return { ok: false, why: 'nobody' };
  const recipient = await recipientOf(runtime, customer);
  if (!recipient) return { ok: false, why: 'no_address' };
  if (!(await canSend(runtime))) return { ok: false, why: 'cannot_send' };
  const id = runtime.clock.uuid();
  await putMail(runtime, {
    id,
    template: 'preference_link',
    locale: chooseLocale(LOCALES, recipient.language === null ? [] : [recipient.language]),
    origin,
    fragmentId: recipient.fragmentId,
    address: recipient.address,
    madeBy: 'staff',
  });
  return { ok: true, mailId: id };
}
