import type { Money } from '../../schema/money.ts';
import { INCOMPLETE, type Json, type Need, type OrderFact, type PersonInput } from '../../schema/touchpoint.ts';
import type { Channel, Direction, Initiator } from '../../schema/vocabulary.ts';
import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import { parseStored } from '../platform/json.ts';
import { logError } from '../platform/log.ts';
import { writeOrganisations } from './groups/evidence.ts';
import { type PersonWork, settle } from './identity/settle.ts';
import { upsertOrders, upsertRefunds } from './orders.ts';
import { upsertIdentifiers, upsertProfiles } from './people.ts';
import { upsertAddresses } from './postal.ts';
import { rowsOf, together } from './rows.ts';

/** A stored touchpoint whose sender told only which thing it was about. */
export type Incomplete = {
  readonly seq: number;
  readonly sourceId: number;
  readonly messageId: string;
  readonly need: Need;
  readonly kind: string;
  /** Epoch ms. */
  readonly occurredAt: number;
};

/** What was learned later about it. `value`, `text` and `data` fill what is empty; they overwrite nothing. */
export type Supplement = {
  readonly person?: Pick<PersonInput, 'identifiers' | 'profile' | 'addresses' | 'organisations'>;
  /** Since when the profile has stood so, epoch ms; null for the time of the touchpoint. */
  readonly profileAsOf?: number | null;
  readonly order?: OrderFact;
  readonly value?: Money | null;
  readonly text?: string | null;
  readonly data?: { readonly [key: string]: Json };
};

type NeedRow = { seq: number; message_id: string; need: string; kind: string; occurred_at: number };

const incompleteOf = (sourceId: number, row: NeedRow): Incomplete => ({
  seq: row.seq,
  sourceId,
  messageId: row.message_id,
  need: parseStored<Need>(row.need, { resource: '', id: '' }),
  kind: row.kind,
  occurredAt: row.occurred_at,
});

/** The touchpoint of a source under a message id, if it still lacks something; else null. */
export async function readIncomplete(db: D1Database, sourceId: number, messageId: string): Promise<Incomplete | null> {
  const row = await db
    .prepare(
      `SELECT seq, message_id, data -> 'needs' AS need, kind, occurred_at FROM touchpoint
       WHERE source_id = ?1 AND message_id = ?2 AND data ->> 'incomplete' = ?3 AND data -> 'needs' IS NOT NULL`,
    )
    .bind(sourceId, messageId, INCOMPLETE)
    .first<NeedRow>();
  return row && incompleteOf(sourceId, row);
}

/** Message ids looked at in one step of a walk over a source's touchpoints. */
const WALK = 2000;

/**
 * Those of a source that lack something, among the next 2,000 after a message id. `after` leads on; null when all were seen.
 */
export async function listIncomplete(
  db: D1Database,
  sourceId: number,
  after: string,
): Promise<{ readonly found: readonly Incomplete[]; readonly after: string | null }> {
  const { results } = await db
    .prepare(
      `SELECT seq, message_id, iif(data ->> 'incomplete' = ?4, data -> 'needs', NULL) AS need, kind, occurred_at FROM touchpoint
       WHERE source_id = ?1 AND message_id > ?2 ORDER BY message_id LIMIT ?3`,
    )
    .bind(sourceId, after, WALK, INCOMPLETE)
    .all<Omit<NeedRow, 'need'> & { need: string | null }>();
  const found = results.flatMap(({ need, ...row }) =>
    need === null ? [] : [incompleteOf(sourceId, { ...row, need })],
  );
  return { found, after: results.length === WALK ? (results.at(-1)?.message_id ?? null) : null };
}

/** Latest contacts, of all sources, that are looked through for a count. */
export const COUNTED = 5000;

/** How many of a source lack something among the latest 5,000 contacts: a figure for a page, and bounded work. */
export async function countIncomplete(db: D1Database, sourceId: number): Promise<number> {
  const row = await db
    .prepare(
      `SELECT count(*) AS lacking FROM touchpoint
       WHERE seq > (SELECT max(seq) FROM touchpoint) - ?3 AND source_id = ?1 AND data ->> 'incomplete' = ?2`,
    )
    .bind(sourceId, INCOMPLETE, COUNTED)
    .first<{ lacking: number }>();
  return row?.lacking ?? 0;
}

type Stored = { delivery_id: number; fragment_id: number; occurred_at: number; key: string };

/**
 * Completes a touchpoint with what its sender's API told: identifiers, profile and order are folded in as if they had come with
 * it, and the mark is taken away, in one batch. Bears repetition; what it says of the order is weighed by its own time.
 * @throws DatabaseBusy when nothing was written.
 */
export async function complete({ db, clock }: Runtime, target: Incomplete, known: Supplement): Promise<void> {
  const { sourceId, messageId } = target;
  const stored = await db
    .prepare(
      `SELECT t.delivery_id, t.fragment_id, t.occurred_at, f.key FROM touchpoint t JOIN fragment f ON f.id = t.fragment_id WHERE t.seq = ?1`,
    )
    .bind(target.seq)
    .first<Stored>();
  if (!stored) return;
  // The statements take what is new with a delivery; the touchpoint's own is the one that brought it.
  const stamp = { source: sourceId, delivery: stored.delivery_id, received: stored.occurred_at };
  const alone = rowsOf([asTouchpoint(messageId, stored, known)], sourceId, stored.occurred_at, clock.uuid);
  const rows = together([{ rows: alone, stamp }]);
  const profiles = rows.profiles.map((row) => ({ ...row, at: known.profileAsOf ?? null }));
  const statements = [
    ...(rows.identifiers.length > 0 ? [upsertIdentifiers(db, rows.identifiers)] : []),
    ...(profiles.length > 0 ? [upsertProfiles(db, profiles)] : []),
    ...(await upsertAddresses(db, rows.addresses)),
    ...(rows.organisations.length > 0 ? writeOrganisations(db, rows.organisations) : []),
    ...(rows.orders.length > 0 ? [upsertOrders(db, rows.orders)] : []),
    ...(rows.refunds.length > 0 ? [upsertRefunds(db, rows.refunds)] : []),
    fill(db, target.seq, known),
    db.prepare('INSERT INTO match_due (fragment_id) VALUES (?1)').bind(stored.fragment_id),
    db
      .prepare(
        'SELECT json_group_array(json_array(fragment_id, reason)) AS work FROM person_work WHERE fragment_id = ?1',
      )
      .bind(stored.fragment_id),
  ];
  const results = await withRetry(() => db.batch<{ work: string }>(statements));
  const pending = parseStored<PersonWork[]>(results.at(-1)?.results[0]?.work ?? null, []);
  // It is stored; that its people could not be placed now is left to cron.
  if (pending.length > 0) await settle(db, clock, pending).catch(logError);
}

const PLAIN = { channel: 'shop', direction: 'in', initiator: 'customer' } satisfies {
  channel: Channel;
  direction: Direction;
  initiator: Initiator;
};

/** In the shape of a touchpoint, so that the same rows come of it; how and by whom is not written again. */
const asTouchpoint = (messageId: string, { key, occurred_at }: Stored, { person, order }: Supplement) => ({
  ...PLAIN,
  messageId,
  kind: 'completion',
  occurredAt: occurred_at,
  person: { ...person, key, identifiers: person?.identifiers ?? [] },
  ...(order && { order }),
});

const fill = (db: D1Database, seq: number, { value, text, data }: Supplement): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE touchpoint SET
         value_minor = coalesce(value_minor, ?2), currency = iif(value_minor IS NULL, ?3, currency), text = coalesce(text, ?4),
         data = nullif(json_remove(json_patch(?5, data), '$.incomplete', '$.needs'), '{}')
       WHERE seq = ?1 AND data ->> 'incomplete' IS NOT NULL`,
    )
    .bind(seq, value?.amountMinor ?? null, value?.currency ?? null, text ?? null, JSON.stringify(data ?? {}));
