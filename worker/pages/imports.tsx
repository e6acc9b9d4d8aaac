import type { Runtime } from '../platform/env.ts';
import { IMPORT_KIND, type Import, importsOfSource, listImports } from '../sources/imports/store.ts';
import { listSources, providerOf, type Source } from '../sources/store.ts';
import { Exports } from './components/exports.tsx';
import { Ago } from './components/time.tsx';
import { pathWith } from './form.ts';
import { formatCount, humanise, plural } from './format.ts';
import { Icon } from './icons.tsx';
import { StaffPage } from './layout.tsx';

const PATH = '/imports';
const PAGE = 30;
/** Without news for so long, nobody is bringing it in. */
const QUIET_MS = 60_000;

export type Standing = 'finished' | 'running' | 'stopped';
export const standingOf = ({ finishedAt, updatedAt }: Import, now: number): Standing =>
  finishedAt !== null ? 'finished' : now - updatedAt < QUIET_MS ? 'running' : 'stopped';
const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  finished: 'Done',
  running: 'Under way',
  stopped: 'Stopped',
};
const TONES: Readonly<Record<Standing, string>> = { finished: 'status-good', running: '', stopped: 'status-refunded' };

export function StandingMark({ standing }: { readonly standing: Standing }) {
  return <span class={`status ${TONES[standing]}`}>{STANDING_WORDS[standing]}</span>;
}

/** What an import has come to, in one line. */
export function importWords({ rowsDone, rowsTotal, rowsNew, rowsRefused, finishedAt }: Import): string {
  const known = rowsDone - rowsNew - rowsRefused;
  const parts = [
    `${formatCount(rowsNew)} new`,
    ...(known > 0 ? [`${formatCount(known)} there already`] : []),
    ...(rowsRefused > 0 ? [`${formatCount(rowsRefused)} refused`] : []),
  ].join(', ');
  return finishedAt === null
    ? `Row ${formatCount(rowsDone)} of ${formatCount(rowsTotal)}: ${parts}`
    : `${plural(rowsTotal, 'row')}: ${parts}`;
}

function ImportLines({ imports, now }: { readonly imports: readonly Import[]; readonly now: number }) {
  return (
    <ul class="deliveries">
      {imports.map((one) => {
        const standing = standingOf(one, now);
        return (
          <li key={one.publicId}>
            <div>
              <p class="delivery-head">
                <StandingMark standing={standing} />
                <a href={`${PATH}/${one.publicId}`} dir="auto">
                  {one.fileName}
                </a>
              </p>
              <p>{importWords(one)}</p>
              {standing === 'stopped' && (
                <p>
                  <a href={`${PATH}/new`}>Choose the same file again</a> to go on from row {formatCount(one.rowsDone)}.
                </p>
              )}
              <p class="hint">
                {humanise(one.plan.kind)}, begun <Ago ms={one.createdAt} now={now} />
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** `GET /imports`: files brought in, latest first. Null when the cursor is none of ours. */
export async function importsPage(runtime: Runtime, query: URLSearchParams) {
  const cursor = query.get('cursor');
  const page = await listImports(runtime, { limit: PAGE, ...(cursor && { cursor }) });
  if (!page) return null;
  return (
    <StaffPage title="Imports" section="imports">
      <header class="page-head">
        <h1>Imports</h1>
        {page.items.length > 0 && (
          <a class="button" href={`${PATH}/new`}>
            Import a file
          </a>
        )}
      </header>
      {page.items.length === 0 ? (
        <div class="empty">
          <p>
            Bring in what you have in files: customers, orders and contacts, from a spreadsheet, a shop or another
            program. Bringing the same file twice changes nothing.
          </p>
          <p>
            <a class="button" href={`${PATH}/new`}>
              Import the first file
            </a>
          </p>
        </div>
      ) : (
        <ImportLines imports={page.items} now={runtime.clock.now()} />
      )}
      {(page.nextCursor || cursor) && (
        <nav class="pager" aria-label="Pages">
          {cursor && <a href={PATH}>First page</a>}
          {page.nextCursor && (
            <a rel="next" href={pathWith(PATH, query, { cursor: page.nextCursor })}>
              Next {String(PAGE)}
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
      <section aria-labelledby="out">
        <h2 id="out">Take your lists with you</h2>
        <ul class="stack">
          {(['customers', 'orders', 'touchpoints'] as const).map((list) => (
            <li key={list}>
              {humanise(list)}:{' '}
              <Exports path={`/api/v1/exports/${list}`} query={new URLSearchParams()} what={`all ${list}`} />
            </li>
          ))}
        </ul>
      </section>
    </StaffPage>
  );
}

/** `GET /imports/new`: the page that reads a file. The island does the work; without it the API is there. */
export async function newImportPage(runtime: Runtime) {
  const sources = (await listSources(runtime))
    .map(({ publicId, name, kind }) => ({ id: publicId, name, kind, title: providerOf(kind)?.title }))
    .filter(({ title, kind }) => title !== undefined || kind === IMPORT_KIND)
    .map(({ id, name, title }) => ({ id, name, kind: title ?? 'a file' }));
  return (
    <StaffPage title="Import a file" section="imports" islands={['import']}>
      <header class="page-head">
        <h1>Import a file</h1>
        <a href={PATH}>All imports</a>
      </header>
      <p class="lead">Customers, orders or contacts. You see what each column means before anything is written.</p>
      <div data-import data-sources={JSON.stringify(sources)}>
        <p class="empty">
          The file is read in your browser, which needs JavaScript. Programs can bring rows by the{' '}
          <a href="/api">API</a>.
        </p>
      </div>
    </StaffPage>
  );
}

/** The page of a source that is a file: what was brought in from it. */
export async function fileSourcePage(runtime: Runtime, source: Source) {
  const imports = await importsOfSource(runtime, source.id, PAGE);
  return (
    <StaffPage title={source.name} section="sources">
      <header class="page-head">
        <div>
          <p class="label">From a file</p>
          <h1 dir="auto">{source.name}</h1>
        </div>
        <a class="button" href={`${PATH}/new`}>
          Import a file
        </a>
      </header>
      <p>
        Its customer and order ids are its own. Choose this source when you import a newer file of the same shop, and
        the same ids mean the same people and orders.
      </p>
      <ImportLines imports={imports} now={runtime.clock.now()} />
    </StaffPage>
  );
}

/** Sources that are files, for the list of sources. */
export function FileSources({ sources }: { readonly sources: readonly Source[] }) {
  if (sources.length === 0) return null;
  return (
    <section aria-labelledby="from-files">
      <h2 id="from-files">From files</h2>
      <ul class="cards">
        {sources.map(({ publicId, name }) => (
          <li key={publicId} class="card choice">
            <h3>
              <a href={`/sources/${publicId}`} dir="auto">
                {name}
              </a>
            </h3>
          </li>
        ))}
      </ul>
    </section>
  );
}
