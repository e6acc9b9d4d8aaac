import { GLOBAL_KINDS } from '../../../schema/customer.ts';
import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { parseStored } from '../../platform/json.ts';
import { ERASED_PERSON } from '../deliveries.ts';
import { type Sought, stands } from './needles.ts';
import type { NamedValue, Plan } from './plan.ts';

/**
 * What no key leads to: bodies that were refused, held or could not be read, and headers of repetitions, may name somebody who was
 * erased. They are searched for the person's proven values, a part at a time, until the erasure's day is reached. What is held stays
 * as it came, since it may be somebody else's order: it is sifted when it is read.
 */
type Needle = Sought & {
  /** Of the deliveries of one source only; 0 for all. */
  readonly scope: number;
};
type Sweep = { readonly needles: readonly Needle[]; readonly files: readonly string[]; readonly after: number };

/** Shorter values stand in too many bodies of others. */
const MIN_LENGTH = 6;

/** A value as bodies write it: JSON, forms, and telephone numbers with and without their sign. */
function spellings(value: string): string[] {
  const lower = value.toLowerCase();
  const quoted = JSON.stringify(lower).slice(1, -1);
  return [...new Set([lower, quoted, encodeURIComponent(lower).toLowerCase(), lower.replaceAll('@', '\\u0040')])];
}

function needlesOf({ kind, value, scope }: NamedValue): Needle[] {
  if (value.length < MIN_LENGTH) return [];
  const isBounded = kind !== 'email';
  const texts = kind === 'phone' ? [value, value.replace(/^\+/, '')] : [value];
  return texts.flatMap(spellings).map((text) => ({ text, scope: GLOBAL_KINDS.includes(kind) ? 0 : scope, isBounded }));
}

/** What an erasure has to look for; null for nothing. */
export function firstSweep({ values, files }: Plan, isSearched: boolean): string | null {
  const needles = isSearched ? values.flatMap(needlesOf) : [];
  return needles.length + files.length > 0 ? JSON.stringify({ needles, files, after: 0 } satisfies Sweep) : null;
}

/** Files taken from the bucket in one step: as many as it takes in one call. */
const FILES = 1000;
/** Deliveries searched in one step. */
const STEP = 500;

const IN = (column: string): string => `instr(lower(CAST(d.${column} AS TEXT)), n.value ->> 'text') > 0`;
const SEARCH = `SELECT d.id, coalesce(CAST(d.body AS TEXT), '') || char(10) || coalesce(d.headers, '') || char(10) || coalesce(d.reason, '') AS text,
    json_group_array(n.key) AS found
  FROM delivery d CROSS JOIN json_each(?1) n
  WHERE d.id > ?2 AND d.id <= ?3 AND d.outcome <> 'held' AND (n.value ->> 'scope' = 0 OR n.value ->> 'scope' = d.source_id)
    AND (${IN('body')} OR ${IN('headers')} OR ${IN('reason')})
  GROUP BY d.id`;

const SPAN = `SELECT max(id) AS upto, count(*) AS n FROM (
  SELECT d.id FROM delivery d WHERE d.id > ?1 AND d.id <= ?2 ORDER BY d.id LIMIT ?3)`;

type Row = { id: number; erased_at: number; sweep: string };
type Found = { readonly text: string; readonly found: string };
type FoundRow = Found & { readonly id: number };

/** True when one of the needles that were found stands in the text as it should. */
const names = ({ text, found }: Found, needles: readonly Needle[]): boolean =>
  parseStored<number[]>(found, []).some((index) => {
    const needle = needles[index];
    return needle !== undefined && stands(text, needle);
  });

/** Rows of import files that were not taken and name the person. There are few, so that one look is enough. */
async function forgetRefusedRows(db: D1Database, needles: readonly Needle[]): Promise<void> {
  const { results } = await db
    .prepare(
      `SELECT r.import_id, r.line, r.cells AS text, json_group_array(n.key) AS found FROM import_refusal r CROSS JOIN json_each(?1) n
       WHERE instr(lower(r.cells), n.value ->> 'text') > 0 GROUP BY r.import_id, r.line`,
    )
    .bind(JSON.stringify(needles.filter(({ scope }) => scope === 0)))
    .all<{ import_id: number; line: number; text: string; found: string }>();
  const all = needles.filter(({ scope }) => scope === 0);
  const hits = results.filter((row) => names(row, all));
  await withRetry(() =>
    db
      .prepare(
        `DELETE FROM import_refusal WHERE (import_id, line) IN (
           SELECT h.value ->> 'import_id', h.value ->> 'line' FROM json_each(?1) h)`,
      )
      .bind(JSON.stringify(hits.map(({ import_id, line }) => ({ import_id, line }))))
      .run(),
  );
}

async function step(runtime: Runtime, row: Row): Promise<void> {
  const { db, clock } = runtime;
  const { needles, files, after } = parseStored<Sweep>(row.sweep, { needles: [], files: [], after: 0 });
  if (files.length > 0) await runtime.files?.delete(files.slice(0, FILES));
  const left = files.slice(FILES);
  // Beyond it nothing can be of before: what came later was held against the tombstones.
  const end = (row.erased_at + 1) * 2048;
  const span = await db.prepare(SPAN).bind(after, end, STEP).first<{ upto: number | null; n: number }>();
  const upto = span?.upto ?? end;
  const { results } = await db.prepare(SEARCH).bind(JSON.stringify(needles), after, upto).all<FoundRow>();
  const hits = results.filter((found) => names(found, needles));
  const isDone = (span?.n ?? 0) < STEP && left.length === 0;
  if (isDone) await forgetRefusedRows(db, needles);
  const next = isDone ? null : JSON.stringify({ needles, files: left, after: upto } satisfies Sweep);
  await withRetry(() =>
    db.batch([
      db
        .prepare(
          `UPDATE delivery SET body = NULL, headers = NULL, reason = '${ERASED_PERSON}'
           WHERE id IN (SELECT value FROM json_each(?1)) AND outcome <> 'held'`,
        )
        .bind(JSON.stringify(hits.map(({ id }) => id))),
      db
        .prepare(
          `UPDATE erasure SET counts = json_set(counts, '$.delivery', coalesce(counts ->> '$.delivery', 0) + changes()), sweep = ?2, swept_at = ?3 WHERE id = ?1 AND sweep IS ?4`,
        )
        .bind(row.id, next, isDone ? clock.now() : null, row.sweep),
    ]),
  );
}

/**
 * Searches on for what erasures have left to find, at most so many steps. Called after an erasure and by cron. True when there was
 * something to do.
 */
export async function sweepErased(runtime: Runtime, steps: number): Promise<boolean> {
  for (let taken = 0; taken < steps; taken++) {
    const row = await runtime.db
      .prepare('SELECT id, erased_at, sweep FROM erasure WHERE swept_at IS NULL ORDER BY id LIMIT 1')
      .first<Row>();
    if (!row) return taken > 0;
    await step(runtime, row);
  }
  return true;
}
