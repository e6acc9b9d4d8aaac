import * as v from 'valibot';
import { LOCALES, type Locale } from '../../schema/survey.ts';
import { chooseLocale } from '../../widgets/locales/locale.ts';
import { pageCatalogues } from '../../widgets/locales/pages/catalogues.ts';
import { textOf } from '../../widgets/locales/text.ts';
import type { Runtime } from '../platform/env.ts';
import type { JobHandler, JobOutcome } from '../platform/jobs.ts';
import { makeReplyToken } from '../platform/reply-token.ts';
import { append } from '../record/append.ts';
import { mayContact, whyNot } from '../record/consent/may-contact.ts';
import { sentMessageId } from '../sources/mail-event.ts';
import type { OutgoingMail } from '../sources/provider-mailer.ts';
import { sourceByInternalId } from '../sources/store.ts';
import { type Business, businessName, readBusiness } from './business.ts';
import { codeOfMail } from './codes.ts';
import { compose, type Leaving } from './compose.ts';
import { ASKED_LINK_MS, linksOfMail, linkUrl, STAFF_LINK_MS, unsubscribeUrl } from './links.ts';
import { peopleOf, type Recipient, recipientOf } from './recipients.ts';
import { outboxSource } from './source.ts';
import { isTemplate, TEMPLATES, type Template } from './templates.ts';
import { type Way, wayOut } from './way.ts';

/**
 * Sends a mail that was put down. This room stands above the record and the sources: it asks the one whether somebody may be
 * written to, and goes out through the other. Whoever wants a mail sent puts down a row and a job, which takes nothing of this.
 */

/** A mail as its row says. */
export type MailRow = {
  readonly id: number;
  readonly publicId: string;
  readonly template: string;
  readonly locale: string;
  readonly origin: string;
  readonly fragmentId: number | null;
  readonly address: string | null;
  readonly madeBy: string;
  readonly createdAt: number;
  readonly state: string;
};

const REPLY_MS = 180 * 24 * 3600 * 1000;
const Payload = v.object({ mail: v.string() });

export const readMail = ({ db }: Pick<Runtime, 'db'>, publicId: string): Promise<MailRow | null> =>
  db
    .prepare(
      `SELECT id, public_id AS publicId, template, locale, origin, fragment_id AS fragmentId, address, made_by AS madeBy,
         created_at AS createdAt, state FROM mail WHERE public_id = ?1`,
    )
    .bind(publicId)
    .first<MailRow>();

/** Whom it goes to: more than one only where an address that was typed leads to several records. */
export async function recipientsOf(runtime: Runtime, { fragmentId, address }: MailRow): Promise<Recipient[]> {
  if (fragmentId === null) return address === null ? [] : peopleOf(runtime, address);
  const one = await recipientOf(runtime, fragmentId, address);
  if (!one || address === null) return one ? [one] : [];
  // The others of a typed address are found again at each attempt.
  const others = (await peopleOf(runtime, address)).filter(({ customer }) => customer !== one.customer);
  return [one, ...others];
}

/** Those of them who may be written to, and why the first of the others may not. Who asked for it just now may. */
async function allowedOf({ db }: Runtime, mail: MailRow, template: Template, people: readonly Recipient[]) {
  const judged = await Promise.all(
    people.map(async (person) => {
      const contact = { purpose: template.purpose, channel: 'email', address: person.address } as const;
      return { person, may: await mayContact(db, person.customer, contact) };
    }),
  );
  const isAsked = mail.madeBy === 'person';
  const allowed = judged.filter(({ may }) => may.ok || (isAsked && may.why.rule !== 'nobody'));
  const refused = judged.find(({ may }) => !may.ok)?.may;
  return { people: allowed.map(({ person }) => person), why: refused && !refused.ok ? whyNot(refused.why) : null };
}

/** Where answers go: an address of this one person's at the mailbox, if one is set. */
async function replyTo(
  runtime: Runtime,
  { replySourceId }: Business,
  person: Recipient | null,
): Promise<string | null> {
  const { tokenKey, clock } = runtime;
  if (replySourceId === null || !tokenKey || person === null) return null;
  const address = (await sourceByInternalId(runtime, replySourceId))?.settings.address;
  if (typeof address !== 'string') return null;
  const claims = { fragmentId: person.fragmentId, sourceId: replySourceId, address: person.address };
  const token = await makeReplyToken(tokenKey, { ...claims, expiresAt: clock.now() + REPLY_MS });
  return `reply+${token}@${address.slice(address.lastIndexOf('@') + 1)}`;
}

type Making = {
  readonly mail: MailRow;
  readonly people: readonly Recipient[];
  readonly business: Business;
  readonly way: Way;
};

const localeOf = (mail: MailRow): Locale => chooseLocale(LOCALES, [mail.locale]);

async function leavingOf(key: string, { mail, people }: Making): Promise<Leaving | null> {
  const [person] = people;
  // What somebody has just asked for is no mailing.
  if (!person || mail.madeBy === 'person') return null;
  const text = textOf(pageCatalogues[localeOf(mail)]);
  const { id, origin, createdAt } = mail;
  const url = await unsubscribeUrl(key, origin, {
    id,
    createdAt,
    fragmentId: person.fragmentId,
    address: person.address,
  });
  return { url, words: text('mail.leave'), label: text('mail.leave.open') };
}

/** The words of a mail, the same at each attempt. @throws Error without a key to sign its links with. */
export async function writeMail(runtime: Runtime, making: Making): Promise<OutgoingMail> {
  const { mail, people, business, way } = making;
  const { tokenKey } = runtime;
  if (!tokenKey || !isTemplate(mail.template)) throw new Error(`the mail ${mail.publicId} cannot be written`);
  const template: Template = TEMPLATES[mail.template];
  const locale = localeOf(mail);
  const to = people[0]?.address ?? mail.address ?? '';
  const lifetime = mail.madeBy === 'person' ? ASKED_LINK_MS : STAFF_LINK_MS;
  const ids = people.map(({ fragmentId }) => fragmentId);
  const links = template.hasLinks ? await linksOfMail(runtime, mail.id, ids, lifetime) : [];
  const urls = links.map(async (link) => ({ url: await linkUrl(tokenKey, mail.origin, link, to), ...link }));
  const name = businessName(business, mail.origin);
  const code = template.hasCode ? await codeOfMail(runtime, mail.publicId) : null;
  const filling = { text: textOf(pageCatalogues[locale]), locale, business: name, madeBy: mail.madeBy, code };
  return compose(template.write({ ...filling, links: await Promise.all(urls) }), {
    locale,
    leaving: await leavingOf(tokenKey, making),
    from: { address: way.address, name: business.name },
    to,
    replyTo: await replyTo(runtime, business, people[0] ?? null),
    key: mail.publicId,
  });
}

/** A mail that belongs to nobody on record forgets its address. */
const ended = (db: D1Database, { id }: MailRow, state: 'sent' | 'not_sent', reason: string | null, now: number) =>
  db
    .prepare(
      `UPDATE mail SET state = ?2, reason = ?3, ended_at = ?4, address = iif(fragment_id IS NULL, NULL, address) WHERE id = ?1`,
    )
    .bind(id, state, reason, now);

/** Nobody of that address: it is forgotten at once. */
const nobody = ({ db, clock }: Runtime, { id }: MailRow): JobOutcome => ({
  outcome: 'done',
  effects: [
    db
      .prepare("UPDATE mail SET state = 'not_sent', reason = ?2, address = NULL, ended_at = ?3 WHERE id = ?1")
      .bind(id, 'Nobody on record has this address.', clock.now()),
  ],
  note: 'There is nobody to write to.',
});

/** What an error says without the address, since jobs outlive people. */
const discreet = (error: string, address: string): string =>
  address === '' ? error : error.replaceAll(new RegExp(address.replaceAll(/[^\w@]/g, '\\$&'), 'gi'), 'the address');

/** The contacts that the sending was, one for each record, and the row that says so, in one batch. */
async function record(runtime: Runtime, making: Making, sent: OutgoingMail, mailId: string | null): Promise<void> {
  const { mail, people, way } = making;
  const { db, clock } = runtime;
  const sourceId = way.source?.id ?? (await outboxSource(runtime));
  const id = sentMessageId(mailId ?? mail.publicId, sent.to);
  const mark = db
    .prepare(
      `UPDATE mail SET state = 'sent', reason = NULL, ended_at = ?2, source_id = ?3, external_id = ?4,
         address = iif(fragment_id IS NULL, NULL, address) WHERE id = ?1`,
    )
    .bind(mail.id, clock.now(), way.source?.id ?? null, mailId);
  if (people.length === 0) await mark.run();
  for (const [index, person] of people.entries()) {
    await append(db, clock, {
      sourceId,
      fragmentId: person.fragmentId,
      note: 'Sent from here',
      touchpoints: [
        {
          // The same id as the sender's webhooks have for it, so that the contact is one.
          messageId: index === 0 ? id : `${id}:${index}`,
          kind: 'email_sent',
          channel: 'email',
          direction: 'out',
          initiator: mail.madeBy === 'person' ? 'customer' : 'company',
          handler: 'automated',
          purpose: isTemplate(mail.template) ? TEMPLATES[mail.template].purpose : 'service',
          occurredAt: null,
          ...(mailId !== null && { subject: `email:${mailId}` }),
          person: { key: '', identifiers: [] },
          data: { title: sent.subject, template: mail.template, ...(mailId !== null && { messageId: mailId }) },
        },
      ],
      also: () => [mark],
    });
  }
}

async function sendNow(runtime: Runtime, making: Making): Promise<JobOutcome> {
  const { mail, way } = making;
  const { db, clock } = runtime;
  const written = await writeMail(runtime, making);
  const sent = await way.send(written, clock.now());
  if (sent.ok) {
    await record(runtime, making, written, sent.mailId);
    return { outcome: 'done', note: 'Sent.' };
  }
  const error = discreet(sent.error, written.to);
  if (!sent.isFinal) return { outcome: 'retry', error, afterMs: sent.afterMs ?? null };
  await ended(db, mail, 'not_sent', error, clock.now()).run();
  return { outcome: 'dead', error };
}

const isCodeGood = async (runtime: Runtime, { publicId }: MailRow): Promise<boolean> =>
  ((await codeOfMail(runtime, publicId))?.expiresAt ?? 0) > runtime.clock.now();

/** Sends one mail. What is not there any more was erased, which is no fault. */
export const sendMail: JobHandler = async (runtime, job) => {
  const mail = await readMail(runtime, v.parse(Payload, job.payload).mail);
  if (!mail || mail.state === 'sent' || !isTemplate(mail.template))
    return { outcome: 'done', note: 'There is nothing to send.' };
  const template: Template = TEMPLATES[mail.template];
  const found = template.isToPerson ? await recipientsOf(runtime, mail) : [];
  if (template.isToPerson && found.length === 0) return nobody(runtime, mail);
  const { people, why } = await allowedOf(runtime, mail, template, found);
  if (template.isToPerson && people.length === 0)
    return {
      outcome: 'done',
      note: `Not sent: ${why}.`,
      effects: [ended(runtime.db, mail, 'not_sent', `Not sent: ${why}.`, runtime.clock.now())],
    };
  if (template.hasCode && !(await isCodeGood(runtime, mail)))
    return {
      outcome: 'done',
      note: 'Not sent: its code has run out.',
      effects: [ended(runtime.db, mail, 'not_sent', 'Its code had run out.', runtime.clock.now())],
    };
  const business = await readBusiness(runtime);
  const way = await wayOut(runtime, business);
  if (!way) return { outcome: 'retry', error: 'No way to send mail is set up. Choose one under Outgoing mail.' };
  // From now on it is theirs: erased and exported with them.
  const first = people[0]?.fragmentId ?? null;
  if (mail.fragmentId === null && first !== null)
    await runtime.db
      .prepare('UPDATE mail SET fragment_id = ?2 WHERE id = ?1 AND fragment_id IS NULL')
      .bind(mail.id, first)
      .run();
  return sendNow(runtime, { mail, people, business, way });
};
