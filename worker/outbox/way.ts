import type { Runtime } from '../platform/env.ts';
import { mailerOf, type Sent, sendThrough } from '../sources/mail-out.ts';
import type { OutgoingMail } from '../sources/provider-mailer.ts';
import { type Source, sourceByInternalId } from '../sources/store.ts';
import { type Business, readBusiness } from './business.ts';

/** How mails go out of this deployment. */
export type Way = {
  /** What staff call it. */
  readonly title: string;
  /** The address mails are from. */
  readonly address: string;
  /** Whose webhooks will tell what becomes of them; null where nobody's do. */
  readonly source: Source | null;
  send(mail: OutgoingMail, now: number): Promise<Sent>;
};

/**
 * Codes of Cloudflare's Email Service that are about the mail or its address, so that trying again is of no use
 * (https://developers.cloudflare.com/email-service/api/send-emails/workers-api/). All others may pass, or be mended there.
 */
const FINAL =
  /^E_(VALIDATION_ERROR|FIELD_MISSING|TOO_MANY_\w+|CONTENT_TOO_LARGE|RECIPIENT_NOT_ALLOWED|RECIPIENT_SUPPRESSED|HEADER\w*)$/;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** By the binding. It takes the parts of a mail and builds, signs and numbers it itself. */
async function sendByBinding(email: SendEmail, mail: OutgoingMail): Promise<Sent> {
  const { from, to, replyTo, subject, text, html, headers } = mail;
  try {
    const { messageId } = await email.send({
      from: from.name === null ? from.address : { name: from.name, email: from.address },
      to,
      ...(replyTo !== null && { replyTo }),
      subject,
      text,
      html,
      headers: { ...headers },
    });
    return { ok: true, mailId: messageId };
  } catch (error) {
    const code = codeOf(error);
    const words = error instanceof Error ? error.message.slice(0, 300) : 'no reason given';
    return {
      ok: false,
      isFinal: FINAL.test(code),
      error: `Cloudflare refused the mail${code && ` (${code})`}: ${words}`,
    };
  }
}

/** The development build without any other way: mails go nowhere and are shown at /demo/mail. */
const nowhere = (business: Business): Way => ({
  title: 'Kept here, shown at /demo/mail',
  address: business.mailAddress ?? 'hello@shop.example',
  source: null,
  send: async () => ({ ok: true, mailId: null }),
});

async function chosen(runtime: Runtime, business: Business): Promise<Way | null> {
  const { mailWay, mailAddress: address, mailSourceId } = business;
  if (address === null) return null;
  const { email } = runtime;
  if (mailWay === 'binding' && email)
    return { title: 'Cloudflare', address, source: null, send: (mail) => sendByBinding(email, mail) };
  const source = mailWay === 'source' && mailSourceId !== null ? await sourceByInternalId(runtime, mailSourceId) : null;
  if (!source || !mailerOf(source)) return null;
  return { title: source.name, address, source, send: (mail, now) => sendThrough(source, mail, now) };
}

/** How mails go out now, null while they cannot. */
export async function wayOut(runtime: Runtime, business?: Business): Promise<Way | null> {
  // Links in mails are signed: without a key there is nothing to write.
  if (!runtime.tokenKey) return null;
  const set = business ?? (await readBusiness(runtime));
  return (await chosen(runtime, set)) ?? (__DEV__ && set.mailWay === null ? nowhere(set) : null);
}

/** Whether anything that is put down to be sent can be sent. Where it cannot, put nothing down and say what to do instead. */
export const canSend = async (runtime: Runtime): Promise<boolean> => (await wayOut(runtime)) !== null;
