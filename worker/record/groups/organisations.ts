import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { decodeCursor, type Page, pageOf } from '../../platform/page.ts';
import { domainOf, isFreeMail, nameKey, tidyName } from './names.ts';
import { type GroupNumbers, numbersOf } from './read.ts';

/** A business, an association or any other body that people belong to. */
export type Organisation = {
  /** Internal id. */
  readonly key: number;
  readonly id: string;
  readonly name: string;
  /** The domain of its people's e-mail addresses. */
  readonly domain: string | null;
  /** Who gave it its name: staff, or the source that speaks of it. */
  readonly namedBy: 'staff' | 'source';
  /** Epoch ms. */
  readonly createdAt: number;
  readonly deletedAt: number | null;
};
export type ListedOrganisation = Organisation & { readonly numbers: GroupNumbers };

type Row = {
  id: number;
  public_id: string;
  name: string;
  domain: string | null;
  named_by: 'staff' | 'source';
  created_at: number;
  deleted_at: number | null;
};

const organisationOf = (row: Row): Organisation => ({
  key: row.id,
  id: row.public_id,
  name: row.name,
  domain: row.domain,
  namedBy: row.named_by,
  createdAt: row.created_at,
  deletedAt: row.deleted_at,
});

/** What can be said of an organisation by hand. */
export type OrganisationDraft = { readonly name: string; readonly domain?: string | null };
export type Faults = Readonly<Partial<Record<'name' | 'domain', string>>>;
export type Checked =
  | { readonly ok: true; readonly name: string; readonly domain: string | null }
  | { readonly ok: false; readonly faults: Faults };

/** Looks a draft over; what is wrong is told by field. */
export function checkOrganisation({ name, domain = null }: OrganisationDraft): Checked {
  const title = tidyName(name);
  const host = domainOf(domain);
  const faults: Faults = {
    ...(title === null && { name: 'Give it a name.' }),
    ...(domain?.trim() && host === null && { domain: 'Write a domain such as acme.example.' }),
    ...(host !== null &&
      isFreeMail(host) && { domain: `Anybody can have an address at ${host}: give a domain of their own, or none.` }),
  };
  return title === null || faults.domain ? { ok: false, faults } : { ok: true, name: title, domain: host };
}

type Good = Extract<Checked, { ok: true }>;

/** Makes an organisation of a checked draft; gives its public id. @throws DatabaseBusy */
export async function createOrganisation(
  { db, clock }: Runtime,
  { name, domain }: Good,
  id: string = clock.uuid(),
): Promise<string> {
  await withRetry(() =>
    db
      .prepare(
        `INSERT INTO organisation (public_id, name, name_key, domain, named_by, created_at) VALUES (?1, ?2, ?3, ?4, 'staff', ?5)
         ON CONFLICT (public_id) DO NOTHING`,
      )
      .bind(id, name, nameKey(name), domain, clock.now())
      .run(),
  );
  return id;
}

const wrote = async (statement: D1PreparedStatement): Promise<boolean> =>
  (await withRetry(() => statement.run())).meta.changes > 0;

/** Calls it otherwise; what a source calls it from now on changes nothing. False when there is no such organisation. */
export const changeOrganisation = ({ db }: Runtime, id: string, { name, domain }: Good): Promise<boolean> =>
  wrote(
    db
      .prepare(
        `UPDATE organisation SET name = ?2, name_key = ?3, domain = ?4, named_by = 'staff' WHERE public_id = ?1 AND deleted_at IS NULL`,
      )
      .bind(id, name, nameKey(name), domain),
  );

/** Takes it out of lists and off the records of its members, who stay as they are. It can be brought back. */
export const deleteOrganisation = ({ db, clock }: Runtime, id: string): Promise<boolean> =>
  wrote(
    db
      .prepare('UPDATE organisation SET deleted_at = ?2 WHERE public_id = ?1 AND deleted_at IS NULL')
      .bind(id, clock.now()),
  );

/** Brings a deleted one back, with its members. */
export const restoreOrganisation = ({ db }: Runtime, id: string): Promise<boolean> =>
  wrote(
    db.prepare('UPDATE organisation SET deleted_at = NULL WHERE public_id = ?1 AND deleted_at IS NOT NULL').bind(id),
  );

/** One by its public id, deleted or not. */
export async function organisationById(db: D1Database, id: string): Promise<Organisation | null> {
  const row = await db.prepare('SELECT * FROM organisation WHERE public_id = ?1').bind(id).first<Row>();
  return row ? organisationOf(row) : null;
}

/** Those of exactly this name, in any case, the oldest first. */
export async function organisationsCalled(db: D1Database, name: string): Promise<Organisation[]> {
  const { results } = await db
    .prepare('SELECT * FROM organisation WHERE name_key = ?1 AND deleted_at IS NULL ORDER BY id LIMIT 20')
    .bind(nameKey(tidyName(name) ?? ''))
    .all<Row>();
  return results.map(organisationOf);
}

export type OrganisationFilter = {
  /** Part of a name or a domain. */
  readonly q?: string;
  readonly limit: number;
  readonly cursor?: string;
};

/** Organisations by name, each with its numbers. Null when the cursor is none of ours. */
export async function listOrganisations(
  { db }: Runtime,
  { q, limit, cursor }: OrganisationFilter,
): Promise<Page<ListedOrganisation> | null> {
  const after = cursor === undefined ? [0] : decodeCursor(cursor, 1);
  if (!after) return null;
  const { results } = await db
    .prepare(
      `SELECT o.* FROM organisation o WHERE o.deleted_at IS NULL
         AND (?1 = 0 OR (o.name_key, o.id) > (SELECT p.name_key, p.id FROM organisation p WHERE p.id = ?1))
         AND (?2 = '' OR instr(o.name_key, ?2) > 0 OR instr(o.domain, ?2) > 0)
       ORDER BY o.name_key, o.id LIMIT ?3`,
    )
    .bind(after[0] ?? 0, nameKey(tidyName(q) ?? ''), limit + 1)
    .all<Row>();
  const numbers = await numbersOf(
    db,
    'organisation',
    results.slice(0, limit).map(({ id }) => id),
  );
  return pageOf(
    results,
    limit,
    (row) => [row.id],
    (row) => {
      const own = numbers.get(row.id);
      if (!own) throw new Error('an organisation was listed without its numbers');
      return { ...organisationOf(row), numbers: own };
    },
  );
}

/** How many there are. */
export async function countOrganisations(db: D1Database): Promise<number> {
  const row = await db
    .prepare('SELECT count(*) AS n FROM organisation WHERE deleted_at IS NULL')
    .first<{ n: number }>();
  return row?.n ?? 0;
}
