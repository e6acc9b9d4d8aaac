import type { Runtime } from '../../platform/env.ts';
import { type Preview as Previewed, previewRules } from '../../record/stages/preview.ts';
import { countStages } from '../../record/stages/read.ts';
import { readRules, readVersions, type StageRules } from '../../record/stages/rules.ts';
import { Ago } from '../components/time.tsx';
import { formatDay } from '../format.ts';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { Funnel, Progress } from './funnel.tsx';
import { Preview } from './preview.tsx';
import { RulesEditor, type RulesForm } from './rules-form.tsx';

/** Older versions are kept, and are not listed here. */
const SHOWN_VERSIONS = 20;

function Versions({ versions, now }: { readonly versions: readonly StageRules[]; readonly now: number }) {
  const [standing] = versions;
  return (
    <section class="card" aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      <ol class="version-list">
        {versions.slice(0, SHOWN_VERSIONS).map(({ version, note, actor, createdAt, validFrom }) => (
          <li key={version}>
            <p>
              <strong>Version {String(version)}</strong>
              {version === standing?.version && <span class="status status-good">in use</span>}
              {note && <span dir="auto">{note}</span>}
            </p>
            <p class="event-meta">
              {createdAt > 0 && <Ago ms={createdAt} now={now} />}
              <span dir="auto">{actor}</span>
              <span>{validFrom === 0 ? 'judges the whole past' : `judges from ${formatDay(validFrom)} on`}</span>
              {version !== standing?.version && (
                <a href={`/stages?version=${version}#shown`}>See what going back to it would do</a>
              )}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

export type StagesRequest = {
  readonly notice?: StaffPageProps['notice'];
  /** What was typed; else the version asked for, else the one in use. */
  readonly form?: RulesForm;
  readonly version?: number | null;
};

const formOf = (rules: StageRules | undefined, note: string): RulesForm => ({
  texts: rules?.texts ?? { dissolution: '', commitment: '', expansion: '', exploration: '' },
  note,
  isForPast: false,
  faults: {},
});

/** `GET /stages`: how many are in each stage, the rules that say so, and what others would do. */
export async function stagesPage(
  { db, clock }: Runtime,
  { notice = null, form, version = null }: StagesRequest,
  isPreviewed = false,
) {
  const now = clock.now();
  const [counts, versions] = await Promise.all([countStages(db), readVersions(db)]);
  const asked = version === null ? undefined : versions.find((one) => one.version === version);
  const shown = form ?? formOf(asked ?? versions[0], asked ? `As version ${asked.version}` : '');
  const read = isPreviewed || asked ? readRules(shown.texts) : null;
  const preview: Previewed | null = read?.ok ? await previewRules(db, read.rules, now) : null;
  return (
    <StaffPage title="Stages" section="stages" notice={notice}>
      <header class="page-head">
        <h1>Stages</h1>
      </header>
      <p class="lead">
        How far each relationship has come, read off its touchpoints by rules that you can change. Every change of stage
        is on the record of the customer, with what it rests on.
      </p>
      <section class="card" aria-labelledby="now">
        <h2 id="now">Now</h2>
        {counts.total === 0 ? (
          <p class="empty">
            Nobody is known yet. Stages appear with the first customers: <a href="/sources/new">add a source</a> or{' '}
            <a href="/imports/new">import a file</a>.
          </p>
        ) : (
          <Funnel {...counts} />
        )}
        <Progress {...counts} />
      </section>
      {preview && <Preview preview={preview} />}
      <RulesEditor form={shown} />
      <Versions versions={versions} now={now} />
    </StaffPage>
  );
}
