import { type D1Like, queryOf } from './numbers.ts';

/**
 * Every cell of every table as text, one line a row: shadow tables of the search index too, bytes as Latin-1, so that a planted
 * string is found wherever it stands.
 */
export async function dump(db: D1Like): Promise<string[]> {
  const query = queryOf(db);
  const tables = await query<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name",
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const rows = await query<Record<string, unknown>>(`SELECT * FROM "${name}"`);
    for (const row of rows)
      lines.push(
        `${name}: ${Object.entries(row)
          .map(([column, cell]) => `${column}=${textOf(cell)}`)
          .join(' | ')}`,
      );
  }
  return lines;
}

/** D1 gives bytes as a list of numbers. */
function textOf(cell: unknown): string {
  return Array.isArray(cell) ? Buffer.from(cell).toString('latin1') : String(cell);
}
