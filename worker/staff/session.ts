import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { adminToken, type Bindings, type Runtime } from '../platform/env.ts';
import { encodeHex, isSame, signHmac, utf8 } from '../platform/hmac.ts';
import { randomKey } from '../platform/random.ts';

/** Who may see the business's own side: holders of the admin token, by a session cookie or as a bearer. */

const COOKIE = '__Host-rapport';
const SESSION_MS = 14 * 24 * 3600 * 1000;

/** True when `given` is the admin token. */
export async function isAdminToken(env: Bindings, given: string): Promise<boolean> {
  const token = adminToken(env);
  return token !== null && (await isSame(token, given));
}

type Staff = Context<{ Bindings: Bindings }>;

/** What the database knows a session by. Keyed with the admin token, so that changing that token signs everybody out. */
async function hashOf(adminToken: string, session: string): Promise<string> {
  return encodeHex(await signHmac('SHA-256', utf8(adminToken), utf8(`session.${session}`)));
}

/** The hash of this request's session, or null where there can be none. */
async function sessionOf(c: Staff): Promise<string | null> {
  const admin = adminToken(c.env);
  const session = getCookie(c, COOKIE);
  return admin && session ? hashOf(admin, session) : null;
}

/**
 * Starts a session: a random token in a cookie no script can read, its hash in the database.
 * @throws Error without an admin token, since nobody can have shown it.
 */
export async function startSession(c: Staff, { db, clock }: Runtime): Promise<void> {
  const admin = adminToken(c.env);
  if (!admin) throw new Error('a session was started without an admin token');
  const token = randomKey(32);
  const expiresAt = clock.now() + SESSION_MS;
  await db.batch([
    db.prepare('DELETE FROM staff_session WHERE expires_at < ?1').bind(clock.now()),
    db
      .prepare('INSERT INTO staff_session (token_hash, expires_at) VALUES (?1, ?2)')
      .bind(await hashOf(admin, token), expiresAt),
  ]);
  setCookie(c, COOKIE, token, { path: '/', httpOnly: true, secure: true, sameSite: 'Lax', maxAge: SESSION_MS / 1000 });
}

/** Ends the session of this request for good: a copy of its cookie is worth nothing afterwards. */
export async function endSession(c: Staff, { db }: Runtime): Promise<void> {
  const hash = await sessionOf(c);
  if (hash) await db.prepare('DELETE FROM staff_session WHERE token_hash = ?1').bind(hash).run();
  deleteCookie(c, COOKIE, { path: '/', secure: true });
}

/** True when the request carries a live session. */
export async function hasSession(c: Staff, { db, clock }: Runtime): Promise<boolean> {
  const hash = await sessionOf(c);
  if (!hash) return false;
  const row = await db
    .prepare('SELECT 1 AS live FROM staff_session WHERE token_hash = ?1 AND expires_at > ?2')
    .bind(hash, clock.now())
    .first();
  return row !== null;
}

/** Who this session has said they are: the public id of a member of staff, or null. */
export async function memberOfSession(c: Staff, { db }: Runtime): Promise<string | null> {
  const hash = await sessionOf(c);
  if (!hash) return null;
  const row = await db
    .prepare(
      'SELECT m.public_id AS id FROM staff_session s JOIN staff_member m ON m.id = s.member_id WHERE s.token_hash = ?1 AND m.is_active = 1',
    )
    .bind(hash)
    .first<{ id: string }>();
  return row?.id ?? null;
}

/** Says who this session is: the public id of an active member of staff, or null for nobody in particular. */
export async function setMemberOfSession(c: Staff, { db }: Runtime, member: string | null): Promise<void> {
  const hash = await sessionOf(c);
  if (!hash) return;
  await db
    .prepare(
      'UPDATE staff_session SET member_id = (SELECT id FROM staff_member WHERE public_id = ?2 AND is_active = 1) WHERE token_hash = ?1',
    )
    .bind(hash, member)
    .run();
}

/** What is written as who did something: a member of staff by public id, `staff` where a session has not said, `api` for programs. */
export async function actorOf(c: Staff, runtime: Runtime): Promise<string> {
  if (/^Bearer /i.test(c.req.header('authorization') ?? '')) return 'api';
  return (await memberOfSession(c, runtime)) ?? 'staff';
}

/** A ticket that signs its bearer in until it expires: `<expiry ms>.<HMAC>`. Printed by `npm start` as a link. */
export async function signInTicket(token: string, expiresAt: number): Promise<string> {
  return `${expiresAt}.${encodeHex(await signHmac('SHA-256', utf8(token), utf8(`sign-in.${expiresAt}`)))}`;
}

/** True for a ticket made with the admin token that has not expired. */
export async function isTicket(env: Bindings, ticket: string, now: number): Promise<boolean> {
  const token = adminToken(env);
  const expiresAt = Number(/^(\d{13})\.[0-9a-f]{64}$/.exec(ticket)?.[1] ?? Number.NaN);
  if (token === null || !Number.isFinite(expiresAt) || expiresAt < now) return false;
  return isSame(await signInTicket(token, expiresAt), ticket);
}

/**
 * True when a writing request comes from a page of ours: browsers send Origin with every such request, and an attacker's page
 * cannot send ours.
 */
export const isSameOrigin = (request: Request): boolean =>
  request.headers.get('origin') === new URL(request.url).origin;
