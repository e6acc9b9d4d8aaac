import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Listed } from './api.ts';
import type { Opened } from './opened.ts';
import { rowsToSend } from './rows.ts';
import { type Ended, type Progress, sendRows } from './send.ts';
import { StepHeading } from './step-heading.tsx';

const count = (n: number): string => n.toLocaleString('en-GB');
/** How often a screen reader is told how far it is. */
const SAID_EVERY_MS = 10_000;
/** Speed is that of the last seconds. */
const SPAN_MS = 10_000;

type Phase =
  | { readonly is: 'running' }
  | { readonly is: 'waiting'; readonly seconds: number }
  | { readonly is: 'ended'; readonly end: Ended['end'] };

/** Rows a second over the last seconds. */
class Speed {
  #seen: { readonly at: number; readonly rows: number }[] = [];
  add(rows: number): number {
    const at = performance.now();
    this.#seen = [...this.#seen.filter((one) => at - one.at < SPAN_MS), { at, rows }];
    const [first] = this.#seen;
    return first && at > first.at ? ((rows - first.rows) * 1000) / (at - first.at) : 0;
  }
}

const durationWords = (seconds: number): string =>
  seconds < 90
    ? `about ${Math.max(1, Math.round(seconds))} seconds left`
    : `about ${Math.round(seconds / 60)} minutes left`;

function useImport(opened: Opened, begun: Listed) {
  const [progress, setProgress] = useState<Progress>(begun);
  const [phase, setPhase] = useState<Phase>({ is: 'running' });
  const [message, setMessage] = useState<string | null>(null);
  const [speed, setSpeed] = useState(0);
  const isStopped = useRef(false);
  const isBusy = useRef(false);

  const go = async (from: Progress): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    isStopped.current = false;
    setPhase({ is: 'running' });
    setMessage(null);
    const measured = new Speed();
    measured.add(from.rowsDone);
    const ended = await sendRows(ask, from, await rowsToSend(begun.plan, opened.rows), {
      tell: (now) => {
        setProgress(now);
        setPhase({ is: 'running' });
        setSpeed(measured.add(now.rowsDone));
      },
      tellWait: (ms) => setPhase({ is: 'waiting', seconds: Math.ceil(ms / 1000) }),
      isStopped: () => isStopped.current,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
    isBusy.current = false;
    setProgress(ended.progress);
    setPhase({ is: 'ended', end: ended.end });
    setMessage(ended.end === 'failed' ? ended.message : null);
  };
  useEffect(() => void go(begun), []);
  return { progress, phase, message, speed, stop: () => (isStopped.current = true), goOn: () => void go(progress) };
}

/** Warns whoever closes the tab while rows are on their way. */
function useWarning(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isOn]);
}

/** The share that is done, said politely and not too often. */
function useSaid(progress: Progress, end: string | null): string {
  const [said, setSaid] = useState('');
  const last = useRef(0);
  useEffect(() => {
    const now = performance.now();
    if (end === null && now - last.current < SAID_EVERY_MS) return;
    last.current = now;
    const share = Math.floor((progress.rowsDone / progress.rowsTotal) * 100);
    setSaid(end === 'finished' ? 'The import is finished.' : `${share} percent done`);
  }, [progress, end]);
  return said;
}

function Figures({ progress }: { readonly progress: Progress }) {
  return (
    <dl class="facts">
      <div>
        <dt>New</dt>
        <dd>{count(progress.rowsNew)}</dd>
      </div>
      <div>
        <dt>Already there</dt>
        <dd>{count(progress.rowsKnown)}</dd>
      </div>
      <div>
        <dt>Refused</dt>
        <dd>
          {count(progress.rowsRefused)}
          {progress.rowsRefused > 0 && (
            <>
              {' · '}
              <a href={`/api/v1/imports/${progress.id}/refused?format=csv`}>Download them with the reasons</a>
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}

const HEADINGS: Readonly<Record<Ended['end'], string>> = {
  finished: 'Done',
  stopped: 'Paused',
  failed: 'It cannot go on',
};

/** The third step: rows on their way, until all are there or somebody stops it. */
export function Running({
  opened,
  begun,
  onAnother,
}: {
  readonly opened: Opened;
  readonly begun: Listed;
  readonly onAnother: () => void;
}) {
  const { progress, phase, message, speed, stop, goOn } = useImport(opened, begun);
  const end = phase.is === 'ended' ? phase.end : null;
  useWarning(end === null);
  const said = useSaid(progress, end);
  const left = speed > 0 ? durationWords((progress.rowsTotal - progress.rowsDone) / speed) : '';
  return (
    <section class="card stack">
      <StepHeading key={end ?? 'running'}>{end === null ? 'Importing' : HEADINGS[end]}</StepHeading>
      <p class="visually-hidden" role="status">
        {said}
      </p>
      <p>
        <bdi>{opened.name}</bdi>
      </p>
      <div class="stack">
        <progress class="progress" value={progress.rowsDone} max={progress.rowsTotal} aria-label="Rows imported" />
        <p>
          {count(progress.rowsDone)} of {count(progress.rowsTotal)} rows
          {phase.is === 'waiting' && `; waiting for the worker, again in ${phase.seconds} s`}
          {phase.is === 'running' && speed > 0 && ` · ${count(Math.round(speed))} a second · ${left}`}
        </p>
      </div>
      <Figures progress={progress} />
      {message && (
        <p class="fault" role="alert">
          {message}
        </p>
      )}
      {end === null && (
        <p class="hint">Keep this tab open. Should it close, choose the same file again and it goes on where it was.</p>
      )}
      {end === 'finished' && progress.rowsNew === 0 && progress.rowsKnown > 0 && (
        <p>Everything in it had been brought before, so nothing changed.</p>
      )}
      <p class="row">
        {end === null && (
          <button type="button" class="quiet" onClick={stop}>
            Pause
          </button>
        )}
        {(end === 'stopped' || end === 'failed') && (
          <button type="button" onClick={goOn}>
            Go on
          </button>
        )}
        {end === 'finished' && (
          <a class="button" href="/customers">
            See the customers
          </a>
        )}
        {end !== null && (
          <button type="button" class="quiet" onClick={onAnother}>
            Import another file
          </button>
        )}
        {end !== null && <a href={`/imports/${progress.id}`}>About this import</a>}
      </p>
    </section>
  );
}
