import { useEffect, useState } from 'preact/hooks';
import { FIELD_LABELS, type ImportPlan, type ImportRow } from '../../../schema/imports/plan.ts';
import { majorUnits } from '../../../schema/money.ts';
import { type Checked, check, type Refused } from './api.ts';
import type { Opened } from './opened.ts';
import { firstOf, requestsOf, rowsToSend } from './rows.ts';

/** Rows that are tried before anything is written. */
const TRIED = 1000;
/** After the last change, so that choosing is not one request a click. */
const QUIET_MS = 400;
/** Id of the sentence that says why nothing can be imported. */
export const NOTHING_TO_IMPORT = 'nothing-to-import';
const SHOWN = 10;
const count = (n: number): string => n.toLocaleString('en-GB');
const rowsWord = (n: number): string => (n === 1 ? 'row' : 'rows');

const labels: ReadonlyMap<string, string> = new Map(Object.entries(FIELD_LABELS));

type State =
  | { readonly is: 'waiting' }
  | { readonly is: 'checked'; readonly tried: number; readonly checked: Checked }
  | { readonly is: 'failed'; readonly message: string };

/** The first requests of the import, as far as a dry run takes them: whole orders, wherever in the file their rows stand. */
async function firstRows(plan: ImportPlan, opened: Opened): Promise<readonly ImportRow[]> {
  const groups = await rowsToSend(plan, await firstOf(plan, opened.rows, TRIED));
  const rows: ImportRow[] = [];
  let requests = 0;
  for (const request of requestsOf(groups, 0)) {
    if (rows.length + request.length > TRIED) break;
    rows.push(...request);
    // Rows of very long texts: what a request takes is what is tried.
    if (++requests === 4) break;
  }
  return rows;
}

function Faults({ refused, total }: { readonly refused: readonly Refused[]; readonly total: number }) {
  return (
    <>
      <h3>{total === 1 ? 'One row that would be refused' : `${count(total)} rows that would be refused`}</h3>
      <table class="faults">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Column</th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {refused.slice(0, SHOWN).map(({ line, column, field, message }) => (
            <tr key={line}>
              <td class="number">{line}</td>
              <td>
                <bdi>{column ?? labels.get(field ?? '') ?? 'The row'}</bdi>
              </td>
              <td dir="auto">{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > SHOWN && (
        <p class="hint">And {count(total - SHOWN)} more. The rest of the file is judged while it comes in.</p>
      )}
    </>
  );
}

function ReadRows({ read }: { readonly read: Checked['read'] }) {
  return (
    <table class="faults">
      <caption class="visually-hidden">The first rows as they are understood</caption>
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col">Who</th>
          <th scope="col">When, in UTC</th>
          <th scope="col">Amount</th>
          <th scope="col">About</th>
        </tr>
      </thead>
      <tbody>
        {read.map(({ line, person, occurredAt, value, about }) => (
          <tr key={line}>
            <td class="number">{line}</td>
            <td dir="auto">{person ?? '–'}</td>
            <td>{occurredAt === null ? 'when it is imported' : occurredAt.replace('T', ' ').slice(0, 16)}</td>
            <td class="number">{value ? `${majorUnits(value)} ${value.currency}` : '–'}</td>
            <td dir="auto">{about ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Outcome({
  checked,
  tried,
  total,
}: {
  readonly checked: Checked;
  readonly tried: number;
  readonly total: number;
}) {
  const { rowsNew, rowsKnown, rowsRefused, customersNew, customersKnown } = checked;
  const which = tried < total ? `Of the first ${count(tried)} rows` : `Of ${count(tried)} ${rowsWord(tried)}`;
  return (
    <>
      <p role="status">
        {which}, <strong>{count(rowsNew)} would be new</strong>, {count(rowsKnown)} {rowsKnown === 1 ? 'is' : 'are'}{' '}
        there already and {count(rowsRefused)} would be refused. {count(customersNew)} new{' '}
        {customersNew === 1 ? 'customer' : 'customers'}, {count(customersKnown)} known.
      </p>
      {checked.own.length > 0 && (
        <p class="hint">
          {checked.own.length === 1
            ? 'This column fills a field of your own: '
            : 'These columns fill fields of your own: '}
          <bdi>{checked.own.join(', ')}</bdi>. A value that does not fit its field is left out.
        </p>
      )}
      {rowsRefused === tried && tried === total && (
        <p class="fault" id={NOTHING_TO_IMPORT}>
          Every row would be refused, so that there is nothing to import. Look at the columns and the choices above, or
          mend the file.
        </p>
      )}
      {rowsRefused > tried / 2 && (rowsRefused < tried || tried < total) && (
        <p class="fault">Most rows would be refused. Look at the columns and the choices above first.</p>
      )}
      {checked.read.length > 0 && <ReadRows read={checked.read} />}
      {rowsRefused > 0 && <Faults refused={checked.refused} total={rowsRefused} />}
    </>
  );
}

/** Why there is nothing to try; null when there is. */
function idleWords({ rows, reading }: Opened, plan: ImportPlan): string | null {
  if (rows.length === 0)
    return reading.hasHeader
      ? 'The file holds only a header: there are no rows below it to import. If its first row is data already, say so above.'
      : 'The file holds no rows.';
  return Object.keys(plan.columns).length === 0 ? 'Say of at least one column what it is.' : null;
}

/** What the rows would come to, tried anew after each change. */
export function DryRun({
  opened,
  plan,
  sourceId,
  onHopeless,
}: {
  readonly opened: Opened;
  readonly plan: ImportPlan;
  readonly sourceId: string | null;
  /** Hears of a plan under which no row of the whole file would be taken. */
  readonly onHopeless: (plan: ImportPlan) => void;
}) {
  const [state, setState] = useState<State>({ is: 'waiting' });
  const idle = idleWords(opened, plan);
  const isIdle = idle !== null;
  useEffect(() => {
    let isCurrent = true;
    const tryOut = async (): Promise<void> => {
      const rows = await firstRows(plan, opened);
      if (!isCurrent || rows.length === 0) return;
      const got = await check(plan, sourceId, rows);
      if (!isCurrent) return;
      const isWhole = rows.length === opened.rows.length;
      if (got.ok && isWhole && got.value.rowsRefused === rows.length) onHopeless(plan);
      setState(
        got.ok ? { is: 'checked', tried: rows.length, checked: got.value } : { is: 'failed', message: got.message },
      );
    };
    const timer = setTimeout(() => void (!isIdle && tryOut()), QUIET_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [opened, plan, sourceId, isIdle, onHopeless]);
  return (
    <section class="card stack" aria-labelledby="dry-run">
      <h2 id="dry-run">What it would come to</h2>
      {idle !== null && <p>{idle}</p>}
      {!isIdle && state.is === 'waiting' && <p>Trying the first rows…</p>}
      {!isIdle && state.is === 'failed' && (
        <p class="fault" role="alert">
          {state.message}
        </p>
      )}
      {!isIdle && state.is === 'checked' && (
        <Outcome checked={state.checked} tried={state.tried} total={opened.rows.length} />
      )}
    </section>
  );
}
