import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';

/** Members of staff: who says something of a customer, and who looks after whom. */
export type Member = {
  /** Public id. */
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  /** False for who has left: what they said stays under their name, and nobody new is given to them. */
  readonly isActive: boolean;
  /** A mail each morning tells them what is new about customers they look after. */
  readonly digest: boolean;
  /** Customers they look after. */
  readonly customers: number;
};
export type MemberInput = Pick<Member, 'name' | 'email' | 'isActive'> & { readonly digest?: boolean };

type Row = {
  public_id: string;
  name: string;
  email: string | null;
  is_active: number;
  digest_since: number | null;
  customers: number;
};

const memberOf = (row: Row): Member => ({
  id: row.public_id,
  name: row.name,
  email: row.email,
  isActive: row.is_active === 1,
  digest: row.digest_since !== null,
  customers: row.customers,
});

const SELECT = `SELECT m.public_id, m.name, m.email, m.is_active, m.digest_since,
    (SELECT count(*) FROM customer c WHERE c.owner = m.public_id AND c.is_current = 1) AS customers FROM staff_member m`;

/** Everybody, those who have left last, by name. */
export async function listMembers(db: D1Database): Promise<Member[]> {
  const { results } = await db
    .prepare(`${SELECT} ORDER BY m.is_active DESC, m.name COLLATE NOCASE, m.id LIMIT 500`)
    .all<Row>();
  return results.map(memberOf);
}

/** One member by their public id, or null. */
export async function readMember(db: D1Database, id: string): Promise<Member | null> {
  const row = await db.prepare(`${SELECT} WHERE m.public_id = ?1`).bind(id).first<Row>();
  return row && memberOf(row);
}

/** Adds somebody; gives their public id. `id` makes a repetition harmless. */
export async function addMember(
  { db, clock }: Runtime,
  { name, email, isActive, digest }: MemberInput,
  id: string = clock.uuid(),
): Promise<string> {
  await withRetry(() =>
    db
      .prepare(
        `INSERT INTO staff_member (public_id, name, email, is_active, digest_since, created_at) VALUES (?1, ?2, ?3, ?4, iif(?6, ?5, NULL), ?5)
         ON CONFLICT (public_id) DO NOTHING`,
      )
      .bind(id, name, email, isActive ? 1 : 0, clock.now(), digest ? 1 : 0)
      .run(),
  );
  return id;
}

/**
 * Changes somebody. False when there is nobody of that id. Nobody is ever removed: what they said stays theirs. Mails begin with what is
 * told from the change on.
 */
export async function changeMember({ db, clock }: Runtime, id: string, change: MemberInput): Promise<boolean> {
  const result = await withRetry(() =>
    db
      .prepare(
        `UPDATE staff_member SET name = ?2, email = ?3, is_active = ?4, digest_since = iif(?5, coalesce(digest_since, ?6), NULL)
         WHERE public_id = ?1`,
      )
      .bind(id, change.name, change.email, change.isActive ? 1 : 0, change.digest ? 1 : 0, clock.now())
      .run(),
  );
  return result.meta.changes > 0;
}

/** Where the morning's mail to a member goes; null for who wants none (any more). */
export async function digestAddress(db: D1Database, id: string): Promise<string | null> {
  const row = await db
    .prepare('SELECT email FROM staff_member WHERE public_id = ?1 AND is_active = 1 AND digest_since IS NOT NULL')
    .bind(id)
    .first<{ email: string | null }>();
  return row?.email ?? null;
}
