import { BYTE_ORDER_MARK, type Cell, csvLine } from '../../schema/imports/csv.ts';
import { logError } from '../platform/log.ts';
import type { Slice, Slices } from '../record/exports.ts';

/** Whole lists as files: read a slice at a time, and only as fast as they are taken. */
export const FORMATS = ['json', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Media types of a download beside JSON, for the description of the API. */
export const DOWNLOADS: readonly string[] = ['text/csv', 'application/x-ndjson'];

export type Column<T> = readonly [name: string, cell: (item: T) => Cell];
export type Listing<T> = {
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly columns: readonly Column<T>[];
  readonly toJson: (item: T) => unknown;
};

/** How a format begins, writes a row (knowing whether it is the first) and ends. */
type Writing<T> = {
  readonly type: string;
  readonly head: string;
  readonly row: (item: T, isFirst: boolean) => string;
  readonly foot: string;
};

function writingOf<T>(format: Format, { columns, toJson }: Listing<T>): Writing<T> {
  if (format === 'csv')
    return {
      type: 'text/csv; charset=utf-8; header=present',
      head: BYTE_ORDER_MARK + csvLine(columns.map(([name]) => name)),
      row: (item) => csvLine(columns.map(([, cell]) => cell(item))),
      foot: '',
    };
  if (format === 'ndjson')
    return { type: 'application/x-ndjson', head: '', row: (item) => `${JSON.stringify(toJson(item))}\n`, foot: '' };
  return {
    type: 'application/json',
    head: '[',
    row: (item, isFirst) => `${isFirst ? '\n' : ',\n'}${JSON.stringify(toJson(item))}`,
    foot: '\n]\n',
  };
}

/** A file name that every browser can take: what is not plain is in the extended form of RFC 8187. */
const disposition = (name: string): string =>
  `attachment; filename="${name.replace(/[^\w.-]+/g, '-')}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;

/** The bytes of a list. A fault on the way breaks the stream off: half a list must not look like a whole one. */
function bytesOf<T>(first: Slice<T>, slices: Slices<T>, { head, row, foot }: Writing<T>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let ready: Slice<T> | null = first;
  let after: string | null = null;
  let isFirst = true;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const slice: Slice<T> = ready ?? (await slices(after));
          let text = ready ? head : '';
          ready = null;
          for (const item of slice.items) {
            text += row(item, isFirst);
            isFirst = false;
          }
          after = slice.next;
          if (after === null) text += foot;
          if (text !== '') controller.enqueue(encoder.encode(text));
          if (after === null) controller.close();
        } catch (error) {
          logError(error);
          controller.error(error);
        }
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A list as a file. The first slice is read before anything is answered, so that a database in trouble is a 503 as anywhere.
 * @throws DatabaseBusy when even that cannot be read.
 */
export async function download<T>(format: Format, listing: Listing<T>, slices: Slices<T>): Promise<Response> {
  const writing = writingOf(format, listing);
  const first = await slices(null);
  return new Response(bytesOf(first, slices, writing), {
    headers: {
      'content-type': writing.type,
      'content-disposition': disposition(`${listing.name}.${format}`),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
