import type { ImportPlan, ImportRow } from '../../../schema/imports/plan.ts';
import type { Money } from '../../../schema/money.ts';
import type { Runtime } from '../../platform/env.ts';
import { type RefusedRow, type Taken, translateRows } from './translate.ts';

/** What rows would come to if they were taken now. Nothing is written. */
export type Checked = {
  readonly rowsNew: number;
  /** Rows that were brought before. */
  readonly rowsKnown: number;
  readonly rowsRefused: number;
  /** People that no record holds yet, and people that one does. */
  readonly customersNew: number;
  readonly customersKnown: number;
  readonly refused: readonly RefusedRow[];
  /** The first rows as they were read, for people to compare with the file. */
  readonly read: readonly ReadRow[];
};
export type ReadRow = {
  readonly line: number;
  readonly person: string | null;
  readonly at: number | null;
  readonly value: Money | null;
  readonly about: string | null;
};

/** Refused rows that are named; the rest are counted. */
const NAMED = 100;
const READ = 5;

const readOf = ({ touchpoint, lines }: Taken): ReadRow => {
  const { person, occurredAt, value, text, order, subject } = touchpoint;
  const named = person.profile?.name ?? person.identifiers[0]?.value ?? null;
  return {
    line: lines[0] ?? 0,
    person: named,
    at: occurredAt,
    value: value ?? null,
    about: text ?? order?.lines?.map(({ title }) => title).join(', ') ?? subject ?? null,
  };
};

type Known = { messages: number; people: number };

/** How many of the messages and of the people are there: people by the key of the source, or by an address or number of anybody's. */
async function knownOf({ db }: Runtime, sourceId: number | null, taken: readonly Taken[]): Promise<Known> {
  const sent = new Map(taken.map(({ touchpoint, lines }) => [touchpoint.messageId, lines.length]));
  const messages = JSON.stringify([...sent].map(([message, rows]) => ({ message, rows })));
  const people = new Map(taken.map(({ touchpoint: { person } }) => [person.key, person.identifiers]));
  const named = JSON.stringify(
    [...people].map(([key, identifiers]) => ({
      key,
      values: identifiers.filter(({ kind }) => kind === 'email' || kind === 'phone'),
    })),
  );
  const row = await db
    .prepare(
      `SELECT (SELECT coalesce(sum(m.value ->> 'rows'), 0) FROM json_each(?2) m
           CROSS JOIN touchpoint t ON t.source_id = ?1 AND t.message_id = m.value ->> 'message') AS messages,
         (SELECT count(*) FROM json_each(?3) p WHERE
           EXISTS (SELECT 1 FROM fragment f WHERE f.source_id = ?1 AND f.key = p.value ->> 'key')
           OR EXISTS (SELECT 1 FROM json_each(p.value -> 'values') v
             CROSS JOIN identifier i ON i.kind = v.value ->> 'kind' AND i.value = v.value ->> 'value' AND i.scope = 0
             WHERE i.may_link = 1)) AS people`,
    )
    .bind(sourceId ?? 0, messages, named)
    .first<Known>();
  return row ?? { messages: 0, people: 0 };
}

/** A dry run: judges rows as `takeRows` would and says what would be new. `sourceId` is internal; null for a source to be made. */
export async function checkRows(
  runtime: Runtime,
  plan: ImportPlan,
  sourceId: number | null,
  rows: readonly ImportRow[],
): Promise<Checked> {
  const { taken, refused } = await translateRows(plan, rows, runtime.clock.now());
  const known = await knownOf(runtime, sourceId, taken);
  const people = new Set(taken.map(({ touchpoint }) => touchpoint.person.key)).size;
  const distinct = [...new Map(taken.map(({ touchpoint, lines }) => [touchpoint.messageId, lines.length])).values()];
  const rowsTaken = taken.reduce((sum, { lines }) => sum + lines.length, 0);
  const rowsNew = distinct.reduce((sum, count) => sum + count, 0) - known.messages;
  return {
    rowsNew,
    rowsKnown: rowsTaken - rowsNew,
    rowsRefused: refused.length,
    customersNew: people - known.people,
    customersKnown: known.people,
    refused: refused.slice(0, NAMED),
    read: taken.slice(0, READ).map(readOf),
  };
}
