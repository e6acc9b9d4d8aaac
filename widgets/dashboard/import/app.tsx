import { useState } from 'preact/hooks';
import type { ImportPlan } from '../../../schema/imports/plan.ts';
import { begin, type Listed } from './api.ts';
import { Choose } from './choose.tsx';
import { unfinishedOf } from './draft.ts';
import { Mapping } from './mapping.tsx';
import type { Opened } from './opened.ts';
import type { SourceChoice } from './options.tsx';
import { Running } from './running.tsx';
import { StepHeading } from './step-heading.tsx';

type RunningProps = { readonly opened: Opened; readonly begun: Listed };

function Unfinished({
  begun,
  onGoOn,
  onAnew,
}: {
  readonly begun: Listed;
  readonly onGoOn: () => void;
  readonly onAnew: () => void;
}) {
  return (
    <section class="card stack alerting">
      <StepHeading>This file was begun before</StepHeading>
      <p>
        <bdi>{begun.fileName}</bdi> stopped at row {begun.rowsDone.toLocaleString('en-GB')} of{' '}
        {begun.rowsTotal.toLocaleString('en-GB')}. It goes on from there; nothing is brought twice.
      </p>
      <p class="row">
        <button type="button" onClick={onGoOn}>
          Go on from row {begun.rowsDone.toLocaleString('en-GB')}
        </button>
        <button type="button" class="quiet" onClick={onAnew}>
          Look at the columns again
        </button>
      </p>
    </section>
  );
}

/** The steps: choose a file, say what its columns are, watch it come in. */
export function App({ sources }: { readonly sources: readonly SourceChoice[] }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [isAnew, setAnew] = useState(false);
  const [running, setRunning] = useState<RunningProps | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  const start = async (file: Opened, plan: ImportPlan, sourceId: string | null): Promise<void> => {
    const { name, fingerprint, rows } = file;
    const begun = await begin({ fileName: name.slice(0, 200), fingerprint, rowsTotal: rows.length, plan, sourceId });
    if (begun.ok) setRunning({ opened: file, begun: begun.value });
    setFault(begun.ok ? null : begun.message);
  };
  const leave = (): void => {
    setOpened(null);
    setAnew(false);
    setRunning(null);
    setFault(null);
  };

  if (running) return <Running {...running} onAnother={leave} />;
  const begun = opened && unfinishedOf(opened);
  return (
    <div class="stack">
      {fault && (
        <p class="notice notice-bad" role="alert">
          {fault}
        </p>
      )}
      {!opened && <Choose onOpened={setOpened} />}
      {opened && begun && !isAnew && (
        <Unfinished begun={begun} onGoOn={() => setRunning({ opened, begun })} onAnew={() => setAnew(true)} />
      )}
      {opened && (!begun || isAnew) && (
        <Mapping opened={opened} sources={sources} onReopened={setOpened} onStart={start} onLeave={leave} />
      )}
    </div>
  );
}
