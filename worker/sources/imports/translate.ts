import type { ImportField, ImportPlan, ImportRow } from '../../../schema/imports/plan.ts';
import { columnName } from '../../../schema/imports/plan.ts';
import type { TouchpointInput } from '../../../schema/touchpoint.ts';
import { sha256Hex } from '../../platform/hmac.ts';
import { contactOf, customerOf } from './contacts.ts';
import { orderOf } from './orders.ts';
import { type Fault, RowReader } from './row.ts';

/** A row that was not taken: its line in the file, the field and the column at fault, and how to mend it. */
export type RefusedRow = {
  readonly line: number;
  readonly field: ImportField | null;
  readonly column: string | null;
  readonly message: string;
};
/** One touchpoint and the rows it was made of. `order` is the id that the file itself gives its order. */
export type Taken = {
  readonly touchpoint: TouchpointInput;
  readonly lines: readonly number[];
  readonly order: string | null;
};
export type Translated = { readonly taken: readonly Taken[]; readonly refused: readonly RefusedRow[] };

/** Characters of a hash that tell two rows apart. */
const HASH = 32;

/** Rows that make one thing: those with one order id; every other row is a thing of its own. */
function together(plan: ImportPlan, readers: readonly RowReader[]): readonly (readonly RowReader[])[] {
  if (plan.kind !== 'orders') return readers.map((reader) => [reader]);
  const groups = new Map<string, RowReader[]>();
  for (const [index, reader] of readers.entries()) {
    const id = reader.text('orderId');
    const key = id === null ? `row ${index}` : `order ${id}`;
    const group = groups.get(key);
    if (group) group.push(reader);
    else groups.set(key, [reader]);
  }
  return [...groups.values()];
}

/** Numbers equal rows that carry no number of their own, so that two equal sales stay two. */
function numbered(rows: readonly ImportRow[], plan: ImportPlan, now: number): readonly RowReader[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const reader = new RowReader(plan, row, now);
    if (row.copy !== undefined) return reader;
    const copy = seen.get(reader.content) ?? 0;
    seen.set(reader.content, copy + 1);
    return new RowReader(plan, { ...row, copy }, now);
  });
}

/** With what the first of its rows says of the person in columns of the business's own. */
async function touchpointOf(plan: ImportPlan, group: readonly RowReader[]): Promise<TouchpointInput | null> {
  const touchpoint = await readGroup(plan, group);
  const columns = group[0]?.own ?? {};
  if (!touchpoint || Object.keys(columns).length === 0) return touchpoint;
  return { ...touchpoint, data: { ...touchpoint.data, columns } };
}

async function readGroup(plan: ImportPlan, group: readonly RowReader[]): Promise<TouchpointInput | null> {
  const [first] = group;
  if (!first) return null;
  const content = group.map((row) => row.content).join('\n');
  const hash = (await sha256Hex(new TextEncoder().encode(content))).slice(0, HASH);
  const copy = first.copy > 0 ? `:${first.copy}` : '';
  if (plan.kind === 'customers') return customerOf(first, `import:customer:${hash}`);
  if (plan.kind === 'touchpoints') return contactOf(first, `import:contact:${hash}${copy}`);
  const own = first.text('orderId');
  const id = own ?? `import-${hash}${copy}`;
  return orderOf(group, { id, isOwn: own !== null, message: messageOfOrder(id, own === null ? '' : hash) });
}

/** The message of an order: its id, then what was said of it. */
const messageOfOrder = (id: string, hash: string): string => `import:order:${id}:${hash}`;

function refusedOf(plan: ImportPlan, row: RowReader, faults: readonly Fault[]): RefusedRow {
  const [first] = faults;
  const field = first?.field ?? null;
  const index = field === null ? undefined : plan.columns[field];
  return {
    line: row.line,
    field,
    column: index === undefined ? null : columnName(plan.header, index),
    message: faults.map(({ message }) => message).join('; ') || 'belongs to an order of which another row was refused',
  };
}

/**
 * What rows mean under a plan. Pure: the same rows give the same message ids, so that importing them again changes nothing.
 * `now` (epoch ms) tells days that have not come yet. An order is taken whole or not at all.
 */
export async function translateRows(plan: ImportPlan, rows: readonly ImportRow[], now: number): Promise<Translated> {
  const taken: Taken[] = [];
  const refused: RefusedRow[] = [];
  for (const group of together(plan, numbered(rows, plan, now))) {
    const touchpoint = await touchpointOf(plan, group);
    if (touchpoint) {
      const order = plan.kind === 'orders' ? (group[0]?.text('orderId') ?? null) : null;
      taken.push({ touchpoint, order, lines: group.map(({ line }) => line) });
    } else refused.push(...group.map((row) => refusedOf(plan, row, row.faults)));
  }
  return { taken, refused };
}
