import type { ImportPlan, ImportRow } from '../../../schema/imports/plan.ts';
import { withRetry } from '../../platform/database.ts';
import type { Runtime } from '../../platform/env.ts';
import { append } from '../../record/append.ts';
import { type Import, importById } from './store.ts';
import { type RefusedRow, type Taken, type Translated, translateRows } from './translate.ts';

/** What a request's rows came to. `rowsDone` is where the next one begins. */
export type Took =
  | { readonly ok: true; readonly import: Import; readonly refused: readonly RefusedRow[] }
  /** The rows do not follow on those that were taken; nothing was done. */
  | { readonly ok: false; readonly import: Import };

type Sent = { readonly message: string; readonly rows: number };

/** Where the rows came from, for who looks at the touchpoint. */
const withOrigin = ({ touchpoint, lines }: Taken, { publicId, fileName }: Import) => ({
  ...touchpoint,
  data: { ...touchpoint.data, import: publicId, file: fileName, line: lines[0] ?? 0 },
});

/**
 * Moves an import on: in the batch that writes what its rows brought, so that neither can be there without the other. A
 * repetition finds the import moved on already and changes nothing.
 */
function progress(
  { db, clock }: Runtime,
  given: Import,
  step: {
    readonly to: number;
    readonly sent: readonly Sent[];
    readonly refused: readonly (RefusedRow & { cells: readonly string[] })[];
  },
  delivery: number,
): D1PreparedStatement[] {
  const moved = db
    .prepare(
      `UPDATE import SET rows_done = ?3, rows_refused = rows_refused + ?4, updated_at = ?5,
         finished_at = iif(?3 >= rows_total, ?5, NULL),
         rows_new = rows_new + (SELECT coalesce(sum(m.value ->> 'rows'), 0) FROM json_each(?6) m
           CROSS JOIN touchpoint t ON t.source_id = import.source_id AND t.message_id = m.value ->> 'message'
           WHERE t.delivery_id = ?7)
       WHERE id = ?1 AND rows_done = ?2`,
    )
    .bind(given.id, given.rowsDone, step.to, step.refused.length, clock.now(), JSON.stringify(step.sent), delivery);
  if (step.refused.length === 0) return [moved];
  const refused = db
    .prepare(
      `INSERT INTO import_refusal (import_id, line, field, reason, cells)
       SELECT ?1, r.value ->> 'line', r.value ->> 'field', r.value ->> 'message', r.value ->> 'cells' FROM json_each(?2) r
       WHERE true ON CONFLICT DO NOTHING`,
    )
    .bind(given.id, JSON.stringify(step.refused.map((row) => ({ ...row, cells: JSON.stringify(row.cells) }))));
  return [refused, moved];
}

/** Orders of which other rows were taken from this file before: their rows have to come together. */
async function tornOrders({ db }: Runtime, given: Import, taken: readonly Taken[]): Promise<ReadonlySet<string>> {
  const orders = taken.flatMap(({ order, touchpoint }) =>
    order === null ? [] : [{ order, message: touchpoint.messageId }],
  );
  if (orders.length === 0) return new Set();
  const { results } = await withRetry(() =>
    db
      .prepare(
        `SELECT DISTINCT o.value ->> 'order' AS id FROM json_each(?2) o
         CROSS JOIN touchpoint t ON t.source_id = ?1
           AND t.message_id > 'import:order:' || (o.value ->> 'order') || ':' AND t.message_id < 'import:order:' || (o.value ->> 'order') || ';'
         WHERE t.message_id <> o.value ->> 'message' AND t.data ->> 'import' = ?3`,
      )
      .bind(given.sourceId, JSON.stringify(orders), given.publicId)
      .all<{ id: string }>(),
  );
  return new Set(results.map(({ id }) => id));
}

function withoutTorn(plan: ImportPlan, { taken, refused }: Translated, torn: ReadonlySet<string>): Translated {
  if (torn.size === 0) return { taken, refused };
  const isTorn = ({ order }: Taken): boolean => order !== null && torn.has(order);
  const field = 'orderId';
  const column = plan.header[plan.columns.orderId ?? -1] ?? null;
  const message = 'belongs to an order of which other rows were sent before; send all rows of an order in one request';
  const late = taken
    .filter(isTorn)
    .flatMap(({ lines }) => lines.map((line) => ({ line, field, column, message }) as const));
  return { taken: taken.filter((one) => !isTorn(one)), refused: [...refused, ...late] };
}

/** Rows that made a message: of two equal ones the second had been stored by the first. */
const sentOf = (taken: readonly Taken[]): readonly Sent[] =>
  [...new Map(taken.map(({ touchpoint, lines }) => [touchpoint.messageId, lines.length]))].map(([message, rows]) => ({
    message,
    rows,
  }));

/**
 * Takes the next rows of an import: judges each, writes what is good and notes what is not, in one batch. `from` is the number
 * of rows sent before these; what of them was taken already is passed over, so that any request may be repeated.
 * @throws DatabaseBusy when the database cannot take the work; nothing was done and the same request may be sent again.
 */
export async function takeRows(
  runtime: Runtime,
  given: Import,
  from: number,
  rows: readonly ImportRow[],
): Promise<Took> {
  const { db, clock } = runtime;
  const to = from + rows.length;
  if (from > given.rowsDone || to > given.rowsTotal) return { ok: false, import: given };
  const next = rows.slice(given.rowsDone - from);
  if (next.length === 0) return { ok: true, import: given, refused: [] };
  const translated = await translateRows(given.plan, next, clock.now());
  const { taken, refused } = withoutTorn(given.plan, translated, await tornOrders(runtime, given, translated.taken));
  const cellsOf = new Map(next.map(({ line, cells }) => [line, cells]));
  const step = {
    to,
    sent: sentOf(taken),
    refused: refused.map((row) => ({ ...row, cells: cellsOf.get(row.line) ?? [] })),
  };
  const touchpoints = taken.map((one) => withOrigin(one, given));
  if (touchpoints.length > 0)
    await append(db, clock, {
      sourceId: given.sourceId,
      touchpoints,
      also: (delivery) => progress(runtime, given, step, delivery),
    });
  else await withRetry(() => db.batch(progress(runtime, given, step, 0)));
  const after = await importById(runtime, given.publicId);
  return { ok: true, import: after ?? given, refused };
}
