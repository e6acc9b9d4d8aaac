import type { Json } from '../../../schema/touchpoint.ts';
import type { Held, PersonExport } from '../../record/erasure/export.ts';
import { formatMoment, humanise, plural } from '../format.ts';

/** `orderId` as people read it. */
const words = (column: string): string => humanise(column.replace(/([A-Z])/g, ' $1').toLowerCase());

const isTime = (value: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);

function textOf(value: Json): string {
  if (typeof value === 'string') return isTime(value) ? formatMoment(Date.parse(value)) : value;
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
}

function Table({ held }: { readonly held: Held }) {
  return (
    <section>
      <h2>
        {humanise(held.title)} ({plural(held.rows.length, 'entry', 'entries')})
      </h2>
      {held.isCut && <p>There are more; ask us for the rest.</p>}
      {held.rows.map((row, index) => (
        // Rows of a file that is written once have no other name than their place.
        <dl key={String(index)}>
          {Object.entries(row).flatMap(([column, value]) =>
            value === null || value === ''
              ? []
              : [
                  <div key={column}>
                    <dt>{words(column)}</dt>
                    <dd dir="auto">{textOf(value)}</dd>
                  </div>,
                ],
          )}
        </dl>
      ))}
    </section>
  );
}

/** All that is held of a person as a document of its own, to be read without us: no script, no style, nothing fetched. */
export function personFile(held: PersonExport, now: number) {
  const name = held.displayName ?? 'a person without a name';
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>What we hold of {name}</title>
      </head>
      <body>
        <h1>
          What we hold of <bdi>{name}</bdi>
        </h1>
        <p>
          Written on {formatMoment(now)}. “Claimed” means that somebody typed it and nothing proves it; “asserted”, that
          one of our own systems says so; “verified”, that the person proved it.
        </p>
        {held.holdings
          .filter(({ rows }) => rows.length > 0)
          .map((one) => (
            <Table key={one.table} held={one} />
          ))}
      </body>
    </html>
  );
}
