import type { Json } from '../../../schema/touchpoint.ts';
import { momentIn } from '../../outbox/templates.ts';
import type { Held, PersonExport } from '../../record/erasure/export.ts';
import { countIn } from '../preferences/speech.ts';
import type { Speech } from '../public/locale.ts';
import { filePartsOf } from './file-parts.ts';
import { FILE_STYLE } from './file-style.ts';
import { columnTitle, fileText, type Row, shownOf, tableTitle, valueWords } from './file-words.ts';

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

type ValueProps = { readonly speech: Speech; readonly column: string; readonly value: Json; readonly row: Row };

/** A value as it is read: a list as a list, and what has parts with the name of each. */
function Value({ speech, column, value, row }: ValueProps) {
  if (value === null) return null;
  if (typeof value !== 'object') return <bdi>{valueWords(speech, column, value, row)}</bdi>;
  if (isList(value))
    return (
      <ul>
        {value.map((one, index) => (
          <li key={String(index)}>
            <Value speech={speech} column={column} value={one} row={row} />
          </li>
        ))}
      </ul>
    );
  return <Facts speech={speech} row={value} />;
}

const Facts = ({ speech, row }: { readonly speech: Speech; readonly row: Row }) => (
  <dl>
    {shownOf(speech, row).map(([column, value]) => (
      <div key={column}>
        <dt>{columnTitle(speech, column)}</dt>
        <dd>
          <Value speech={speech} column={column} value={value} row={row} />
        </dd>
      </div>
    ))}
  </dl>
);

const countedTitle = (speech: Speech, { table, title, rows }: Held): string =>
  fileText(speech, 'entries', {
    title: tableTitle(speech, table, title),
    count: countIn(speech.locale, rows.length),
  });

function Table({ speech, held }: { readonly speech: Speech; readonly held: Held }) {
  return (
    <section>
      <h3 id={held.table}>{countedTitle(speech, held)}</h3>
      {held.isCut && <p>{fileText(speech, 'cut')}</p>}
      <ol>
        {held.rows.map((row, index) => (
          // Rows of a file that is written once have no other name than their place.
          <li key={String(index)}>
            <Facts speech={speech} row={row} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/**
 * All that is held of a person as a document of its own, to be read without us: no script, a style of its own, nothing fetched. It speaks the
 * reader's language; what people wrote stands there as they wrote it.
 */
export function personFile(held: PersonExport, now: number, speech: Speech) {
  const { locale, dir, text } = speech;
  const name = held.displayName ?? text('file.nobody');
  const parts = filePartsOf(held);
  return (
    <html lang={locale} dir={dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{text('file.title', { name })}</title>
        <style>{FILE_STYLE}</style>
      </head>
      <body>
        <h1>{text('file.title', { name })}</h1>
        <p>{fileText(speech, 'written', { time: momentIn(locale, now) })}</p>
        {held.isPart && <p>{fileText(speech, 'part')}</p>}
        <nav aria-labelledby="contents">
          <h2 id="contents">{text('file.contents')}</h2>
          <ol>
            {parts.map((part) => (
              <li key={part.id}>
                <a href={`#part-${part.id}`}>{text(`file.${part.id}`)}</a>
                <ul>
                  {part.holdings.map((one) => (
                    <li key={one.table}>
                      <a href={`#${one.table}`}>{countedTitle(speech, one)}</a>
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
              <Table key={one.table} speech={speech} held={one} />
            ))}
          </section>
        ))}
      </body>
    </html>
  );
}
