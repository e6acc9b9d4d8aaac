import type { Locale } from '../../schema/survey.ts';
import type { Runtime } from '../platform/env.ts';
import { insertJobs, type NewJob } from '../platform/jobs.ts';
import { TEMPLATES, type TemplateId } from './templates.ts';

/** Mails put down to be sent: a row that says to whom and which, and the job that sends it, which holds nothing personal. */
export const SEND_MAIL = 'mail.send';

export type NewMail = {
  /** Unique among all mails; two of one id are one mail. */
  readonly id: string;
  readonly template: TemplateId;
  readonly locale: Locale;
  /** The address of this worker, that links in it begin with. */
  readonly origin: string;
  /** To whom. Without it the address decides, looked up when it is sent. */
  readonly fragmentId?: number | null;
  /** Where to, in its normal form. Without it the best address of the fragment. */
  readonly address?: string | null;
  readonly madeBy: 'person' | 'staff' | 'system';
};

export const mailJob = (id: string): NewJob => ({ key: `${SEND_MAIL}:${id}`, kind: SEND_MAIL, payload: { mail: id } });

/** The row of a mail, for the batch of what it follows from. `where` is SQL that decides whether it is put down at all. */
export const insertMail = ({ db, clock }: Runtime, mail: NewMail, where = 'true'): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO mail (public_id, template, purpose, locale, origin, fragment_id, address, made_by, created_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE ${where} ON CONFLICT (public_id) DO NOTHING`,
    )
    .bind(
      mail.id,
      mail.template,
      TEMPLATES[mail.template].purpose,
      mail.locale,
      mail.origin,
      mail.fragmentId ?? null,
      mail.address ?? null,
      mail.madeBy,
      clock.now(),
    );

/** The row and the job together. Ask `canSend` first: what cannot be sent only waits, and is given up after a day. */
const mailStatements = (runtime: Runtime, mail: NewMail): D1PreparedStatement[] => [
  insertMail(runtime, mail),
  insertJobs(runtime.db, [mailJob(mail.id)], runtime.clock.now()),
];

/** Puts a mail down to be sent. */
export async function putMail(runtime: Runtime, mail: NewMail): Promise<void> {
  await runtime.db.batch(mailStatements(runtime, mail));
}

/** Requests for links are remembered so long; mails and the links in them for as long as one of the latter may be followed. */
const DAY_MS = 24 * 3600 * 1000;
const MAIL_DAYS = 400;

/** Lets go of what is past its time. Called by cron. */
export async function pruneMails({ db, clock }: Runtime): Promise<void> {
  const now = clock.now();
  await db.batch([
    db.prepare('DELETE FROM mail_request WHERE at < ?1').bind(now - DAY_MS),
    db
      .prepare(
        'DELETE FROM preference_link WHERE id IN (SELECT id FROM preference_link WHERE expires_at < ?1 LIMIT 500)',
      )
      .bind(now - 30 * DAY_MS),
    db
      .prepare(
        `DELETE FROM mail WHERE id IN (SELECT m.id FROM mail m WHERE m.created_at < ?1
           AND NOT EXISTS (SELECT 1 FROM preference_link l WHERE l.mail_id = m.id) LIMIT 500)`,
      )
      .bind(now - MAIL_DAYS * DAY_MS),
  ]);
}

/** A mail as staff and the API read it. */
export type MailLine = {
  readonly id: string;
  readonly template: string;
  readonly purpose: string;
  readonly madeBy: string;
  readonly createdAt: number;
  readonly state: string;
  readonly reason: string | null;
  readonly endedAt: number | null;
  /** Whose record it went to. */
  readonly customerId: string | null;
  readonly customerName: string | null;
};

/** The latest mails, newest first. */
export async function latestMails(db: D1Database, limit: number): Promise<MailLine[]> {
  const { results } = await db
    .prepare(
      `SELECT m.public_id AS id, m.template, m.purpose, m.made_by AS madeBy, m.created_at AS createdAt, m.state, m.reason,
         m.ended_at AS endedAt, c.public_id AS customerId, c.display_name AS customerName
       FROM mail m LEFT JOIN fragment f ON f.id = m.fragment_id LEFT JOIN customer c ON c.id = f.customer_id
       ORDER BY m.id DESC LIMIT ?1`,
    )
    .bind(limit)
    .all<MailLine>();
  return results;
}
