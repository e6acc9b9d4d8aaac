import type { Json } from '../../../schema/touchpoint.ts';
import type { Held, PersonExport } from '../../record/erasure/export.ts';
import { formatMoment, formatMoney, humanise, plural } from '../format.ts';
import type { Speech } from '../public/locale.ts';
import { filePartsOf } from './file-parts.ts';

/** Columns whose name says little to who does not know the table. */
const COLUMNS: Readonly<Record<string, string>> = {
  at: 'When',
  firstAt: 'First seen',
  lastAt: 'Last seen',
  asOf: 'As of',
  untilAt: 'Stands until',
  occurredAt: 'When',
  receivedAt: 'Received by us',
  recordedAt: 'Written down',
  knownAs: 'Known there as',
  mayLink: 'May join records',
  publicId: 'Number of the record',
  messageId: 'Number of the message',
  externalId: 'Number at the source',
  actor: 'Said by',
  basis: 'How we know',
  assurance: 'How sure',
  counts: 'Counts as an order',
};

/** `orderId` as people read it. */
const words = (column: string): string =>
  Object.hasOwn(COLUMNS, column)
    ? (COLUMNS[column] ?? column)
    : humanise(column.replace(/([A-Z])/g, ' $1').toLowerCase());

const isTime = (value: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** A value as it is read: a list as a list, and what has parts with the name of each. */
function Value({ value }: { readonly value: Json }) {
  if (typeof value === 'string') return <>{isTime(value) ? formatMoment(Date.parse(value)) : value}</>;
  if (value === null || typeof value !== 'object') return <>{String(value)}</>;
  if (isList(value))
    return (
      <ul>
        {value.map((one, index) => (
          <li key={String(index)}>
            <Value value={one} />
          </li>
        ))}
      </ul>
    );
  return <Facts row={value} />;
}

type Row = { readonly [column: string]: Json };

/** `totalMinor` beside its currency is money; the currency of it need not stand there once more. */
function shownOf(row: Row): readonly (readonly [string, Json])[] {
  const { currency } = row;
  return Object.entries(row).flatMap(([column, value]): readonly (readonly [string, Json])[] => {
    if (value === null || value === '') return [];
    if (typeof currency !== 'string' || typeof value !== 'number' || !column.endsWith('Minor'))
      return [[column, value]];
    return [[column.slice(0, -'Minor'.length), formatMoney({ amountMinor: value, currency })]];
  });
}

const Facts = ({ row }: { readonly row: Row }) => (
  <dl>
    {shownOf(row).map(([column, value]) => (
      <div key={column}>
        <dt>{words(column)}</dt>
        <dd dir="auto">
          <Value value={value} />
        </dd>
      </div>
    ))}
  </dl>
);

function Table({ held }: { readonly held: Held }) {
  return (
    <section lang="en" dir="ltr">
      <h3 id={held.table}>
        {humanise(held.title)} ({plural(held.rows.length, 'entry', 'entries')})
      </h3>
      {held.isCut && <p>There are more; ask us for the rest.</p>}
      <ol>
        {held.rows.map((row, index) => (
          // Rows of a file that is written once have no other name than their place.
          <li key={String(index)}>
            <Facts row={row} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/**
 * All that is held of a person as a document of its own, to be read without us: no script, no style, nothing fetched. Its parts are
 * named in the reader's language; what they hold stands there as it is kept.
 */
export function personFile(held: PersonExport, now: number, { locale, dir, text }: Speech) {
  const name = held.displayName ?? text('file.nobody');
  const parts = filePartsOf(held);
  return (
    <html lang={locale} dir={dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{text('file.title', { name })}</title>
      </head>
      <body>
        <h1 dir="auto">{text('file.title', { name })}</h1>
        <p lang="en" dir="ltr">
          Written on {formatMoment(now)}. “Claimed” means that somebody typed it and nothing proves it; “asserted”, that
          one of our own systems says so; “verified”, that the person proved it.
        </p>
        <nav aria-labelledby="contents">
          <h2 id="contents">{text('file.contents')}</h2>
          <ol>
            {parts.map((part) => (
              <li key={part.id}>
                <a href={`#part-${part.id}`}>{text(`file.${part.id}`)}</a>
                <ul lang="en" dir="ltr">
                  {part.holdings.map(({ table, title, rows }) => (
                    <li key={table}>
                      <a href={`#${table}`}>{humanise(title)}</a> ({rows.length})
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ol>
        </nav>
        {parts.map((part) => (
          <section key={part.id} aria-labelledby={`part-${part.id}`}>
            <h2 id={`part-${part.id}`}>{text(`file.${part.id}`)}</h2>
            {part.holdings.map((one) => (
              <Table key={one.table} held={one} />
            ))}
          </section>
        ))}
      </body>
    </html>
  );
}
