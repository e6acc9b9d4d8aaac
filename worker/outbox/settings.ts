import { normaliseEmail } from '../../schema/identifiers.ts';
import type { Runtime } from '../platform/env.ts';
import { mailerOf } from '../sources/mail-out.ts';
import { listSources, providerOf, type Source } from '../sources/store.ts';
import { type Business, readBusiness, updateBusiness } from './business.ts';
import { oneLine } from './compose.ts';

/** What staff set of outgoing mail: by which way it goes, from which address, and where answers come. */

/** How mails could go out: by the binding, or by a source; ready where nothing is missing. */
export type Possible = {
  readonly id: string;
  readonly title: string;
  readonly isReady: boolean;
  readonly source: Source | null;
};

export type MailSettings = {
  /** 'none', 'binding', or the public id of a source. */
  readonly way: string;
  readonly address: string | null;
  /** Public id of the mailbox that answers come to; null for the address itself. */
  readonly answersTo: string | null;
};

export type ChangeMail = { readonly [Name in keyof MailSettings]?: MailSettings[Name] | undefined };
export type Misfits = Readonly<Record<string, string>>;

/** A mailbox that has an address of its own, so that there is a domain for answers. */
const takesAnswers = ({ kind, settings }: Source): boolean =>
  providerOf(kind)?.door === 'mail' && typeof settings.address === 'string';

/** Everything mail could go out by, and every mailbox that answers could come to. */
export async function readMailSettings(runtime: Runtime) {
  const [business, sources] = await Promise.all([readBusiness(runtime), listSources(runtime)]);
  const publicIdOf = (id: number | null): string | null => sources.find((one) => one.id === id)?.publicId ?? null;
  const possible: Possible[] = [
    { id: 'binding', title: 'Cloudflare Email Service', isReady: Boolean(runtime.email), source: null },
    ...sources
      .filter(({ kind }) => providerOf(kind)?.mailer)
      .map((source) => ({ id: source.publicId, title: source.name, isReady: mailerOf(source) !== null, source })),
  ];
  const way = business.mailWay === 'source' ? publicIdOf(business.mailSourceId) : business.mailWay;
  const settings: MailSettings = {
    way: way ?? 'none',
    address: business.mailAddress,
    answersTo: publicIdOf(business.replySourceId),
  };
  return { settings, possible, mailboxes: sources.filter(takesAnswers), business };
}

/** Sets what is given. Answers what does not fit, by field; nothing is set then. */
export async function changeMailSettings(runtime: Runtime, change: ChangeMail): Promise<Misfits> {
  const { settings, possible, mailboxes } = await readMailSettings(runtime);
  const next: MailSettings = { ...settings, ...known(change) };
  const misfits: Record<string, string> = {};
  const way = possible.find(({ id }) => id === next.way);
  const address = next.address === null || next.address.trim() === '' ? null : normaliseEmail(next.address);
  const mailbox = mailboxes.find(({ publicId }) => publicId === next.answersTo) ?? null;
  if (next.way !== 'none' && !way) misfits.way = 'is none of the ways there are';
  else if (way && !way.isReady) misfits.way = 'lacks what it needs to send: set that up first';
  if (next.address?.trim() && address === null) misfits.address = 'use a mail address such as hello@shop.example';
  else if (next.way !== 'none' && address === null) misfits.address = 'mails need an address that they are from';
  if (next.answersTo !== null && !mailbox) misfits.answersTo = 'is no mailbox with an address of its own';
  if (Object.keys(misfits).length > 0) return misfits;
  await updateBusiness(runtime, {
    mailWay: way ? (way.source ? 'source' : 'binding') : null,
    mailSourceId: way?.source?.id ?? null,
    mailAddress: address,
    replySourceId: mailbox?.id ?? null,
  });
  return {};
}

const known = (change: ChangeMail): Partial<MailSettings> => ({
  ...(change.way !== undefined && { way: change.way }),
  ...(change.address !== undefined && { address: change.address }),
  ...(change.answersTo !== undefined && { answersTo: change.answersTo }),
});

const MOST_NAME = 100;
const MOST_CONTACT = 300;

/** Sets who the business is, as people read it; empty takes it away. */
export async function changeBusiness(
  runtime: Runtime,
  { name, contact }: { readonly name?: string | undefined; readonly contact?: string | undefined },
): Promise<void> {
  const word = (text: string, most: number) => oneLine(text).slice(0, most).toWellFormed() || null;
  const change: Partial<Business> = {
    ...(name !== undefined && { name: word(name, MOST_NAME) }),
    ...(contact !== undefined && { contact: word(contact, MOST_CONTACT) }),
  };
  await updateBusiness(runtime, change);
}
