import type { Json } from '../../schema/touchpoint.ts';
import type { ApiField } from './provider-api.ts';
import type { SetupStep } from './setup-step.ts';

/** An address with the name that stands before it, if any. */
export type Mailbox = { readonly address: string; readonly name: string | null };

/** A mail to one person, ready to be sent. No text of it holds a line break where a header would end. */
export type OutgoingMail = {
  readonly from: Mailbox;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Beside those above: `List-Unsubscribe` and the like. */
  readonly headers: Readonly<Record<string, string>>;
  /** The same for every attempt to send this mail, and for no other mail. */
  readonly key: string;
};

export type MailRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** The answer to a mail that was taken, or refused. An empty or unreadable body is null. */
export type MailAnswer = { readonly status: number; readonly headers: Headers; readonly body: Json };

/**
 * Sending mail through a provider. Part of it (`Provider.mailer`); how it is asked is shared, what to ask and how to read the
 * answer is its own.
 */
export interface ProviderMailer {
  /** What sending needs to know, kept like everything else a sender's API is asked with. */
  readonly fields: readonly ApiField[];
  readonly setup: readonly SetupStep[];
  /** Hosts that may be asked. From code. */
  hosts(credentials: Readonly<Record<string, string>>): readonly string[];
  /** The one request that sends a mail. */
  request(mail: OutgoingMail, credentials: Readonly<Record<string, string>>): MailRequest;
  /** What the provider calls a mail it has taken: the same id by which its webhooks tell what became of it. */
  mailIdIn(answer: MailAnswer): string | null;
  /** Why a mail was refused, in the provider's own words. */
  faultIn(answer: MailAnswer): string | null;
  /** True for a refusal that is about the account and can be mended, where the status alone says otherwise. */
  isMendable?(answer: MailAnswer): boolean;
}
