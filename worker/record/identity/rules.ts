import { isSharedMailbox, normaliseEmail } from '../../../schema/identifiers.ts';
import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { readLimits } from './component.ts';
import { LIMITS, type Limits, USUAL } from './limits.ts';

/** What the owner says about who is who. */
export type IdentityRules = {
  /** Values that never join anybody: whole ones, beginnings of addresses (`reception@`), ends (`@agency.example`). */
  readonly neverJoin: readonly string[];
  readonly limits: Limits;
};

export const MOST_NEVER = 500;
const LONGEST = 254;
/** Identifiers that get back what a value that is taken off the list had stopped. */
const MOST_FREED = 5000;

export async function readIdentityRules(db: D1Database): Promise<IdentityRules> {
  const [never, limits] = await Promise.all([
    db.prepare('SELECT value FROM never_join ORDER BY value').all<{ value: string }>(),
    readLimits(db),
  ]);
  return { neverJoin: never.results.map(({ value }) => value), limits };
}

/** As identifiers are stored: addresses and their parts in lower case. */
const stored = (value: string): string =>
  normaliseEmail(value) ?? (value.includes('@') ? value.normalize('NFKC').toLowerCase() : value);

/** The values of a list typed by hand, each once, and those that are too short, too long or too many. */
export function readNever(lines: readonly string[]): { readonly values: string[]; readonly wrong: string[] } {
  const values = [...new Set(lines.map((line) => stored(line.trim())).filter(Boolean))];
  const isWrong = (value: string, index: number) => value.length > LONGEST || value === '@' || index >= MOST_NEVER;
  return { values: values.filter((value, i) => !isWrong(value, i)), wrong: values.filter(isWrong) };
}

const NAMED = "('email', 'phone', 'user_id', 'customer')";
/** Identifiers that a value of the list in ?1 is about, as parts of a union. */
const MATCHING = (columns: string, extra: string): string =>
  [
    `SELECT ${columns} FROM json_each(?1) v CROSS JOIN identifier i ON i.kind IN ${NAMED} AND i.value = v.value WHERE ${extra}`,
    `SELECT ${columns} FROM json_each(?1) v CROSS JOIN identifier i ON i.kind = 'email' AND i.value >= v.value AND i.value < v.value || char(1114111)
     WHERE v.value LIKE '_%@' AND ${extra}`,
    `SELECT ${columns} FROM json_each(?1) v CROSS JOIN identifier i ON i.kind = 'email' AND substr(i.value, instr(i.value, '@')) = v.value
     WHERE v.value LIKE '@_%' AND ${extra}`,
  ].join(' UNION ');
const KEY = 'i.kind, i.value, i.scope, i.fragment_id';

type Freed = { kind: string; value: string; scope: number; fragment_id: number };

/**
 * Says which values never join anybody, from now on and for what is known: records that were joined by one of them part, those that
 * one had kept from joining join. People are placed anew by the minute's run.
 */
export async function setNeverJoin({ db, clock }: Runtime, values: readonly string[]): Promise<void> {
  const before = (await readIdentityRules(db)).neverJoin;
  const came = JSON.stringify(values.filter((value) => !before.includes(value)));
  const went = JSON.stringify(before.filter((value) => !values.includes(value)));
  const held = await db
    .prepare(`${MATCHING(KEY, 'i.may_link = 0 AND i.assurance > 1')} LIMIT ${MOST_FREED}`)
    .bind(went)
    .all<Freed>();
  const isStopped = (value: string): boolean =>
    isSharedMailbox(value) ||
    [value, value.slice(0, value.indexOf('@') + 1), value.slice(value.indexOf('@'))].some((part) =>
      values.includes(part),
    );
  const freed = held.results.filter(({ kind, value }) =>
    kind === 'email' ? !isStopped(value) : !values.includes(value),
  );
  await withRetry(() =>
    db.batch([
      db
        .prepare('DELETE FROM never_join WHERE value NOT IN (SELECT value FROM json_each(?1))')
        .bind(JSON.stringify(values)),
      db
        .prepare(
          'INSERT INTO never_join (value, added_at) SELECT value, ?2 FROM json_each(?1) WHERE true ON CONFLICT (value) DO NOTHING',
        )
        .bind(came, clock.now()),
      db
        .prepare(
          `INSERT INTO person_work (fragment_id, reason) SELECT DISTINCT fragment_id, 'place' FROM (${MATCHING(KEY, 'i.may_link = 1')})`,
        )
        .bind(came),
      db
        .prepare(`INSERT INTO match_due (fragment_id) SELECT DISTINCT fragment_id FROM (${MATCHING(KEY, 'true')})`)
        .bind(
          JSON.stringify(
            [...new Set([...before, ...values])].filter((v) => !before.includes(v) || !values.includes(v)),
          ),
        ),
      db
        .prepare(
          `UPDATE identifier SET may_link = 0 WHERE (kind, value, scope, fragment_id) IN (${MATCHING(KEY, 'i.may_link = 1')})`,
        )
        .bind(came),
      db
        .prepare(
          `UPDATE identifier SET may_link = 1 FROM json_each(?1) f WHERE kind = f.value ->> 'kind' AND identifier.value = f.value ->> 'value'
             AND scope = f.value ->> 'scope' AND fragment_id = f.value ->> 'fragment_id'`,
        )
        .bind(JSON.stringify(freed)),
    ]),
  );
}

/** Sets how much one person may have. Who was kept apart by a limit is asked about again; what is joined stays until news of it. */
export async function setLimits({ db }: Runtime, limits: Limits): Promise<void> {
  const own = LIMITS.flatMap((name) => (limits[name] === USUAL[name] ? [] : [{ name, most: limits[name] }]));
  await withRetry(() =>
    db.batch([
      db.prepare('DELETE FROM identity_limit'),
      db
        .prepare(
          "INSERT INTO identity_limit (name, most) SELECT l.value ->> 'name', l.value ->> 'most' FROM json_each(?1) l",
        )
        .bind(JSON.stringify(own)),
      db.prepare(
        `INSERT INTO person_work (fragment_id, reason) SELECT fragment_a, 'place' FROM decision
         WHERE rule = 'over_limit' AND revoked_at IS NULL LIMIT ${MOST_FREED}`,
      ),
    ]),
  );
}
