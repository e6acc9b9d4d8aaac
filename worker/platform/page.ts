/** Keyset pagination: a cursor is opaque to the caller and names the last row seen, so that pages stay right as rows arrive. */
export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** Most rows one page gives. */
export const MAX_LIMIT = 200;

/** An opaque, URL-safe cursor from the sort key of the last row. */
export const encodeCursor = (key: readonly (number | string | null)[]): string =>
  btoa(encodeURIComponent(JSON.stringify(key)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** The numbers of a cursor of `length` numbers; null when it is none of ours. */
export function decodeCursor(cursor: string, length: number): number[] | null {
  try {
    const key: unknown = JSON.parse(decodeURIComponent(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))));
    if (!Array.isArray(key) || key.length !== length) return null;
    return key.every((part): part is number => typeof part === 'number' && Number.isSafeInteger(part)) ? key : null;
  } catch {
    return null;
  }
}

/** Cuts a page out of rows read with one more than the limit. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (number | string | null)[],
  itemOf: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), nextCursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}
