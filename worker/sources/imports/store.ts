import type { ImportPlan } from '../../../schema/imports/plan.ts';
import type { Runtime } from '../../platform/env.ts';
import { parseStored } from '../../platform/json.ts';
import { decodeCursor, type Page, pageOf } from '../../platform/page.ts';

/** The kind of a source that is a file: no door answers to it. */
export const IMPORT_KIND = 'import';

/** A file being brought in, or brought in. Times are epoch ms. */
export type Import = {
  readonly id: number;
  readonly publicId: string;
  readonly sourceId: number;
  readonly sourcePublicId: string;
  readonly sourceName: string;
  readonly fileName: string;
  readonly fingerprint: string;
  readonly plan: ImportPlan;
  readonly rowsTotal: number;
  /** Rows judged so far, in the order they are sent; where to go on. */
  readonly rowsDone: number;
  readonly rowsNew: number;
  readonly rowsRefused: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
};

type ImportRowOf = {
  id: number;
  public_id: string;
  source_id: number;
  source_public_id: string;
  source_name: string;
  file_name: string;
  fingerprint: string;
  plan: string;
  rows_total: number;
  rows_done: number;
  rows_new: number;
  rows_refused: number;
  created_at: number;
  updated_at: number;
  finished_at: number | null;
};

const importOf = (row: ImportRowOf): Import => ({
  id: row.id,
  publicId: row.public_id,
  sourceId: row.source_id,
  sourcePublicId: row.source_public_id,
  sourceName: row.source_name,
  fileName: row.file_name,
  fingerprint: row.fingerprint,
  plan: JSON.parse(row.plan) as ImportPlan,
  rowsTotal: row.rows_total,
  rowsDone: row.rows_done,
  rowsNew: row.rows_new,
  rowsRefused: row.rows_refused,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  finishedAt: row.finished_at,
});

const SELECT = `SELECT i.*, s.public_id AS source_public_id, s.name AS source_name
  FROM import i JOIN source s ON s.id = i.source_id`;

/** One import by its public id, or null. */
export async function importById({ db }: Runtime, publicId: string): Promise<Import | null> {
  const row = await db.prepare(`${SELECT} WHERE i.public_id = ?1`).bind(publicId).first<ImportRowOf>();
  return row ? importOf(row) : null;
}

export type ImportFilter = { readonly fingerprint?: string; readonly limit: number; readonly cursor?: string };

/** Imports, latest begun first. Null when the cursor is none of ours. */
export async function listImports({ db }: Runtime, filter: ImportFilter): Promise<Page<Import> | null> {
  const before = filter.cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(filter.cursor, 1);
  if (!before) return null;
  const { results } = await db
    .prepare(`${SELECT} WHERE i.id < ?1 AND (?2 IS NULL OR i.fingerprint = ?2) ORDER BY i.id DESC LIMIT ?3`)
    .bind(before[0] ?? 0, filter.fingerprint ?? null, filter.limit + 1)
    .all<ImportRowOf>();
  return pageOf(results, filter.limit, (row) => [row.id], importOf);
}

/** Imports of one source, latest begun first. */
export async function importsOfSource({ db }: Runtime, sourceId: number, limit: number): Promise<Import[]> {
  const { results } = await db
    .prepare(`${SELECT} WHERE i.source_id = ?1 ORDER BY i.id DESC LIMIT ?2`)
    .bind(sourceId, limit)
    .all<ImportRowOf>();
  return results.map(importOf);
}

export type NewImport = Pick<Import, 'fileName' | 'fingerprint' | 'plan' | 'rowsTotal'> & {
  /** Internal id of the source its ids belong to; null for one of its own. */
  readonly sourceId: number | null;
};

/**
 * Begins an import, or gives the unfinished one of the same file, source and plan. A file without a source gets one that is
 * named after it and known by its content: the same file brought twice speaks of the same things.
 */
export async function beginImport(runtime: Runtime, given: NewImport): Promise<Import> {
  const { db, clock } = runtime;
  const now = clock.now();
  const key = `${IMPORT_KIND}:${given.fingerprint}`;
  const plan = JSON.stringify(given.plan);
  const own = db
    .prepare(
      `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at) VALUES (?1, ?2, ?3, ?4, '[]', '{}', ?5)
       ON CONFLICT (key) DO NOTHING`,
    )
    .bind(clock.uuid(), IMPORT_KIND, given.fileName.slice(0, 100), key, now);
  const begun = db
    .prepare(
      `INSERT INTO import (public_id, source_id, file_name, fingerprint, plan, rows_total, created_at, updated_at)
       SELECT ?1, s.id, ?2, ?3, ?4, ?5, ?6, ?6 FROM source s WHERE ${given.sourceId === null ? 's.key = ?7' : 's.id = ?7'}
       ON CONFLICT DO NOTHING`,
    )
    .bind(clock.uuid(), given.fileName, given.fingerprint, plan, given.rowsTotal, now, given.sourceId ?? key);
  const found = db
    .prepare(
      `${SELECT} WHERE i.fingerprint = ?1 AND i.plan = ?2 AND ${given.sourceId === null ? 's.key = ?3' : 's.id = ?3'}
         AND i.finished_at IS NULL`,
    )
    .bind(given.fingerprint, plan, given.sourceId ?? key);
  const results = await db.batch<ImportRowOf>(given.sourceId === null ? [own, begun, found] : [begun, found]);
  const row = results.at(-1)?.results[0];
  if (!row) throw new Error('an import was begun but is not there');
  return importOf(row);
}

/** A refused row as it is kept. */
export type Refusal = {
  readonly line: number;
  readonly field: string | null;
  readonly message: string;
  readonly cells: readonly string[];
};

/** Rows of an import that were not taken, by their line; `after` is the last line seen. */
export async function refusalsOf({ db }: Runtime, importId: number, after: number, limit: number): Promise<Refusal[]> {
  const { results } = await db
    .prepare('SELECT * FROM import_refusal WHERE import_id = ?1 AND line > ?2 ORDER BY line LIMIT ?3')
    .bind(importId, after, limit)
    .all<{ line: number; field: string | null; reason: string; cells: string }>();
  return results.map(({ line, field, reason, cells }) => ({
    line,
    field,
    message: reason,
    cells: parseStored<string[]>(cells, []),
  }));
}

/** Refused rows hold what people wrote of other people, so that they are kept only as long as they are of use. */
export const REFUSED_ROW_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;
/** Rows of one run; what is left waits for the next. */
const PRUNE_STEP = 5000;

/** Lets go of refused rows whose import has rested for 30 days. Called by cron. */
export async function pruneRefusals(db: D1Database, now: number): Promise<void> {
  await db
    .prepare(
      `DELETE FROM import_refusal WHERE (import_id, line) IN (
         SELECT r.import_id, r.line FROM import i CROSS JOIN import_refusal r ON r.import_id = i.id
         WHERE i.updated_at < ?1 AND i.rows_refused > 0 LIMIT ?2)`,
    )
    .bind(now - REFUSED_ROW_DAYS * DAY_MS, PRUNE_STEP)
    .run();
}
