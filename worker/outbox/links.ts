import type { Runtime } from '../platform/env.ts';
import { type CheckedLink, checkLinkToken, makeLinkToken } from '../platform/link-token.ts';

/** Links that open the preference centre: good once, kept as rows so that they can be used up and taken back. */

const HOUR_MS = 3600 * 1000;
/** A link that was asked for is followed soon or not at all; one that staff hand over may lie in a letter. */
export const ASKED_LINK_MS = 24 * HOUR_MS;
export const STAFF_LINK_MS = 14 * 24 * HOUR_MS;
/** How long the centre is open once a link was followed. */
export const ACCESS_MS = HOUR_MS / 2;
/** How long mails may be unsubscribed from. */
const UNSUBSCRIBE_MS = 400 * 24 * HOUR_MS;

export type Link = { readonly id: number; readonly fragmentId: number; readonly expiresAt: number };

/** A link that was followed: the address it was mailed to is proven by that; null where staff handed it over. */
export type Followed = Link & { readonly address: string | null };

const path = (origin: string, token: string): string => `${origin}/p/${token}`;

/** The links of a mail, one for each fragment; the same ones however often they are asked for. */
export async function linksOfMail(
  { db, clock }: Runtime,
  mailId: number,
  fragments: readonly number[],
  lifetime: number,
): Promise<Link[]> {
  const now = clock.now();
  const [, read] = await db.batch<Link>([
    db
      .prepare(
        `INSERT INTO preference_link (fragment_id, mail_id, created_at, expires_at)
         SELECT j.value, ?2, ?3, ?4 FROM json_each(?1) j WHERE true ON CONFLICT (mail_id, fragment_id) DO NOTHING`,
      )
      .bind(JSON.stringify(fragments), mailId, now, now + lifetime),
    db
      .prepare(
        'SELECT id, fragment_id AS fragmentId, expires_at AS expiresAt FROM preference_link WHERE mail_id = ?1 ORDER BY id',
      )
      .bind(mailId),
  ]);
  return read?.results ?? [];
}

/** The address of a link as it stands in a mail to `address`; '' for one that is handed over. */
export const linkUrl = async (key: string, origin: string, { id, ...link }: Link, address: string): Promise<string> =>
  path(origin, await makeLinkToken(key, 'preferences', { rowId: id, ...link }, address));

/** A link for staff to hand over by themselves: by telephone, in a letter. */
export async function linkByStaff({ db, clock }: Runtime, fragmentId: number): Promise<Link> {
  const now = clock.now();
  const link = await db
    .prepare(
      `INSERT INTO preference_link (fragment_id, created_at, expires_at) VALUES (?1, ?2, ?3)
       RETURNING id, fragment_id AS fragmentId, expires_at AS expiresAt`,
    )
    .bind(fragmentId, now, now + STAFF_LINK_MS)
    .first<Link>();
  if (!link) throw new Error('a link was inserted but not returned');
  return link;
}

/** The address at which one mail is unsubscribed from. */
export const unsubscribeUrl = async (
  key: string,
  origin: string,
  mail: { readonly id: number; readonly fragmentId: number; readonly address: string; readonly createdAt: number },
): Promise<string> => {
  const claims = { rowId: mail.id, fragmentId: mail.fragmentId, expiresAt: mail.createdAt + UNSUBSCRIBE_MS };
  return path(origin, await makeLinkToken(key, 'unsubscribe', claims, mail.address));
};

/** What stands behind a link that may still be used; null for any other. Nothing is used up by looking. */
export async function liveLink({ db, clock }: Runtime, { rowId, fragmentId }: CheckedLink): Promise<Link | null> {
  return db
    .prepare(
      `SELECT id, fragment_id AS fragmentId, expires_at AS expiresAt FROM preference_link
       WHERE id = ?1 AND fragment_id = ?2 AND used_at IS NULL AND expires_at > ?3`,
    )
    .bind(rowId, fragmentId, clock.now())
    .first<Link>();
}

/**
 * To whom a link was sent, by what it carries itself: null where staff handed it over, undefined where that cannot be told any more. The
 * mail may have gone with another record that it was about, too; the link is for one address all the same.
 */
async function sentTo({ db }: Runtime, link: CheckedLink): Promise<string | null | undefined> {
  if (await link.isFor('')) return null;
  const { results } = await db
    .prepare(
      `SELECT m.address FROM preference_link l CROSS JOIN mail m ON m.id = l.mail_id WHERE l.id = ?1 AND m.address IS NOT NULL
       UNION SELECT i.value FROM fragment f CROSS JOIN fragment g ON g.customer_id = f.customer_id
         CROSS JOIN identifier i ON i.fragment_id = g.id AND i.kind = 'email' WHERE f.id = ?2`,
    )
    .bind(link.rowId, link.fragmentId)
    .all<{ address: string }>();
  for (const { address } of results) if (await link.isFor(address)) return address;
  return undefined;
}

/** Uses a link up and gives what opens the centre for half an hour; null when somebody was first, or it is past its time. */
export async function useLink(runtime: Runtime, link: CheckedLink): Promise<string | null> {
  const { db, clock, tokenKey } = runtime;
  const { rowId, fragmentId } = link;
  const address = await sentTo(runtime, link);
  if (!tokenKey || address === undefined) return null;
  const now = clock.now();
  const used = await db
    .prepare(
      `UPDATE preference_link SET used_at = ?3 WHERE id = ?1 AND fragment_id = ?2 AND used_at IS NULL AND expires_at > ?3
       RETURNING id`,
    )
    .bind(rowId, fragmentId, now)
    .first();
  return used && makeLinkToken(tokenKey, 'access', { rowId, fragmentId, expiresAt: now + ACCESS_MS }, address ?? '');
}

/** Whose centre this word opens: a fragment; null for a word that is not ours, is over, or was taken back. */
export async function accessOf(runtime: Runtime, token: string): Promise<Followed | null> {
  const { db, clock, tokenKey } = runtime;
  const checked = tokenKey ? await checkLinkToken(tokenKey, 'access', token, clock.now()) : null;
  if (!checked) return null;
  // Erasing takes the row: the word dies with it.
  const row = await db
    .prepare(
      `SELECT id, fragment_id AS fragmentId FROM preference_link
       WHERE id = ?1 AND fragment_id = ?2 AND used_at IS NOT NULL AND ended_at IS NULL`,
    )
    .bind(checked.rowId, checked.fragmentId)
    .first<Omit<Followed, 'expiresAt' | 'address'>>();
  const address = row ? await sentTo(runtime, checked) : undefined;
  return row && address !== undefined ? { ...row, address, expiresAt: checked.expiresAt } : null;
}

/** Closes what a link had opened. */
export async function endAccess({ db, clock }: Runtime, { id }: Pick<Link, 'id'>): Promise<void> {
  await db.prepare('UPDATE preference_link SET ended_at = ?2 WHERE id = ?1').bind(id, clock.now()).run();
}
