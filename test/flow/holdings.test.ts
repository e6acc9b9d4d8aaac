import { afterAll, describe, expect, it } from 'vitest';
import { HOLDINGS, NOBODYS, SEARCHED } from '../../worker/record/erasure/holdings.ts';
import { queryOf } from '../support/numbers.ts';
import { startWithSql } from '../support/sql.ts';

/** The schema, walked column by column: whoever adds one says what erasure and export make of it. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const query = queryOf(db);

const tables = await query<{ name: string }>(
  `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
     AND name NOT LIKE 'customer_search_%' ORDER BY name`,
);
const columnsOf = async (table: string): Promise<string[]> =>
  (await query<{ name: string; hidden: number }>(`SELECT name, hidden FROM pragma_table_xinfo('${table}')`))
    // The hidden columns of a search table are its own handle and its ranking.
    .filter(({ hidden }) => hidden !== 1)
    .map(({ name }) => name)
    .sort();

describe('what we hold of people', () => {
  it.each(tables.map(({ name }) => name))('is declared for every column of %s', async (table) => {
    if (Object.hasOwn(NOBODYS, table)) return;
    const declared = HOLDINGS.find((holding) => holding.table === table)?.columns ?? {};
    expect([...new Set([...Object.keys(declared), ...(SEARCHED[table] ?? [])])].sort()).toEqual(await columnsOf(table));
  });

  it('is declared of tables that are there, and of each once', () => {
    const known = tables.map(({ name }) => name);
    const declared = [...HOLDINGS.map(({ table }) => table), ...Object.keys(NOBODYS)];
    expect(declared.filter((table) => !known.includes(table))).toEqual([]);
    expect(declared).toHaveLength(new Set(declared).size);
  });

  it('does not call a figure what is free text', async () => {
    // Words of ours and currencies; all other texts are emptied, hashed or made random.
    const words = [
      ...['kind', 'channel', 'direction', 'initiator', 'phase', 'handler', 'currency', 'cost_currency', 'party'],
      ...['revenue', 'outcome', 'question', 'token_hash'],
    ];
    for (const { table, rows, columns } of HOLDINGS.filter((holding) => holding.rows === 'anonymised')) {
      const types = await query<{ name: string; type: string }>(
        `SELECT name, type FROM pragma_table_xinfo('${table}')`,
      );
      const texts = types.filter(({ type }) => type === 'TEXT' || type === 'ANY').map(({ name }) => name);
      const kept = texts.filter((name) => columns[name] === 'figure' || columns[name] === 'link');
      expect(
        kept.filter((name) => !words.includes(name)),
        `${table}, ${rows}`,
      ).toEqual([]);
    }
  });
});
