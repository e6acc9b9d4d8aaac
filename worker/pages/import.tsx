import { columnName, FIELD_LABELS } from '../../schema/imports/plan.ts';
import type { Runtime } from '../platform/env.ts';
import { type Import, importById, REFUSED_ROW_DAYS, type Refusal, refusalsOf } from '../sources/imports/store.ts';
import { Ago } from './components/time.tsx';
import { formatCount, humanise, plural } from './format.ts';
import { importWords, StandingMark, standingOf } from './imports.tsx';
import { StaffPage } from './layout.tsx';

const SHOWN = 50;

function Refused({ given, refusals }: { readonly given: Import; readonly refusals: readonly Refusal[] }) {
  const { header, columns } = given.plan;
  const labels = new Map<string, string>(Object.entries(FIELD_LABELS));
  const nameOf = (field: string | null): string | null => {
    if (field === null) return null;
    const index = Object.entries(columns).find(([name]) => name === field)?.[1];
    return index === undefined ? (labels.get(field) ?? field) : columnName(header, index);
  };
  return (
    <section aria-labelledby="refused" class="stack">
      <h2 id="refused">{plural(given.rowsRefused, 'refused row')}</h2>
      {refusals.length === 0 && <p>They were kept for {String(REFUSED_ROW_DAYS)} days and are gone now.</p>}
      <p class="row">
        <a class="button" href={`/api/v1/imports/${given.publicId}/refused?format=csv`} download>
          Download them with the reasons
        </a>
      </p>
      <p class="hint">Mend the cells in that file and import it: its columns are the same.</p>
      <table class="faults">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Column</th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {refusals.map(({ line, field, message }) => (
            <tr key={line}>
              <td class="number">{formatCount(line)}</td>
              <td dir="auto">{nameOf(field) ?? 'The row'}</td>
              <td dir="auto">{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {given.rowsRefused > refusals.length && (
        <p class="hint">And {formatCount(given.rowsRefused - refusals.length)} more, in the file.</p>
      )}
    </section>
  );
}

function Meanings({ given }: { readonly given: Import }) {
  const { header, columns, dayOrder, zone, currency } = given.plan;
  const labels = new Map<string, string>(Object.entries(FIELD_LABELS));
  return (
    <details class="more">
      <summary>How it was read</summary>
      <dl class="facts">
        {Object.entries(columns).map(([field, index = 0]) => (
          <div key={field}>
            <dt>{labels.get(field) ?? field}</dt>
            <dd dir="auto">{columnName(header, index)}</dd>
          </div>
        ))}
        <div>
          <dt>Dates</dt>
          <dd>
            {dayOrder === 'mdy' ? 'month first, ' : dayOrder === 'dmy' ? 'day first, ' : ''}
            {zone}
          </dd>
        </div>
        {currency !== null && (
          <div>
            <dt>Usual currency</dt>
            <dd>{currency}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}

/** `GET /imports/:id`: what a file brought, and what it did not. Null when there is none. */
export async function importPage(runtime: Runtime, id: string) {
  const given = await importById(runtime, id);
  if (!given) return null;
  const now = runtime.clock.now();
  const refusals = given.rowsRefused > 0 ? await refusalsOf(runtime, given.id, 0, SHOWN) : [];
  const standing = standingOf(given, now);
  return (
    <StaffPage title={given.fileName} section="imports">
      <header class="page-head">
        <div>
          <p class="label">{humanise(given.plan.kind)}</p>
          <h1 dir="auto">{given.fileName}</h1>
        </div>
        <a href="/imports">All imports</a>
      </header>
      <section class="card stack" aria-label="What it came to">
        <p class="row">
          <StandingMark standing={standing} /> {importWords(given)}
        </p>
        <progress
          class="progress"
          value={given.rowsDone}
          max={given.rowsTotal}
          aria-label={`${given.rowsDone} of ${given.rowsTotal} rows`}
        />
        {standing !== 'finished' && (
          <p>
            {standing === 'stopped' && `It stopped at row ${formatCount(given.rowsDone)}. `}
            <a href="/imports/new">Choose the same file again</a> to go on; nothing is brought twice.
          </p>
        )}
        <p class="muted">
          Begun <Ago ms={given.createdAt} now={now} />, into the source{' '}
          <a href={`/sources/${given.sourcePublicId}`} dir="auto">
            {given.sourceName}
          </a>
        </p>
        <Meanings given={given} />
      </section>
      {given.rowsRefused > 0 && <Refused given={given} refusals={refusals} />}
    </StaffPage>
  );
}
