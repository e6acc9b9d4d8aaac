import { useMemo, useState } from 'preact/hooks';
import { overlookedIn } from '../../../schema/imports/guess.ts';
import {
  FIELD_LABELS,
  IMPORT_FIELDS,
  IMPORT_KINDS,
  type ImportField,
  type ImportKind,
  type ImportPlan,
} from '../../../schema/imports/plan.ts';
import { type Draft, draftOf, findIn, planOf, withColumn, withKind } from './draft.ts';
import { DryRun, NOTHING_TO_IMPORT } from './dry-run.tsx';
import { ENCODINGS } from './encoding.ts';
import { type Opened, readFile } from './opened.ts';
import { Options, Select, type SourceChoice } from './options.tsx';
import { StepHeading } from './step-heading.tsx';
import { DELIMITERS } from './table.ts';

const KIND_WORDS: Readonly<Record<ImportKind, string>> = {
  customers: 'Customers',
  orders: 'Orders',
  touchpoints: 'Touchpoints',
};
const SAMPLES = 3;
const count = (n: number): string => n.toLocaleString('en-GB');

type MappingProps = {
  readonly opened: Opened;
  readonly sources: readonly SourceChoice[];
  readonly onReopened: (opened: Opened) => void;
  readonly onStart: (opened: Opened, plan: ImportPlan, sourceId: string | null) => Promise<void>;
  readonly onLeave: () => void;
};

/** How the bytes became rows. Changing one reads the file again. */
function Reading({ opened, onReopened }: Pick<MappingProps, 'opened' | 'onReopened'>) {
  const [isBusy, setBusy] = useState(false);
  const { encoding, delimiter, hasHeader } = opened.reading;
  const reread = async (change: Partial<Opened['reading']>): Promise<void> => {
    setBusy(true);
    const keep = change.encoding === undefined ? { delimiter } : {};
    onReopened(await readFile(opened, { encoding, ...keep, hasHeader, ...change }, () => true));
    setBusy(false);
  };
  return (
    <div class="options" aria-busy={isBusy}>
      <Select
        id="encoding"
        label="Encoding"
        value={encoding}
        options={ENCODINGS}
        onChoose={(value) => void reread({ encoding: value })}
      />
      <Select
        id="delimiter"
        label="Separator"
        value={delimiter}
        options={DELIMITERS}
        onChoose={(value) => void reread({ delimiter: value })}
      />
      <Select
        id="header"
        label="First row"
        value={hasHeader ? 'names' : 'data'}
        options={[
          ['names', 'Names of the columns'],
          ['data', 'Already data'],
        ]}
        onChoose={(value) => void reread({ hasHeader: value === 'names' })}
      />
    </div>
  );
}

/** What stands in a column: the first few values that are not empty. */
function samplesOf({ rows }: Opened, index: number): string[] {
  const found: string[] = [];
  for (const { cells } of rows) {
    const value = (cells[index] ?? '').trim();
    if (value !== '' && !found.includes(value)) found.push(value.slice(0, 60));
    if (found.length >= SAMPLES) break;
  }
  return found;
}

function Columns({
  opened,
  draft,
  onDraft,
}: {
  readonly opened: Opened;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
}) {
  const fields: readonly ImportField[] = IMPORT_FIELDS[draft.kind];
  return (
    <table class="columns-table">
      <caption class="visually-hidden">Columns of the file, what stands in them and what they are</caption>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">What stands there</th>
          <th scope="col">What it is</th>
        </tr>
      </thead>
      <tbody>
        {opened.header.map((name, index) => {
          const field = Object.entries(draft.columns).find(([, at]) => at === index)?.[0] ?? '';
          return (
            <tr key={`${index} ${name}`}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td class="samples">
                {samplesOf(opened, index).map((sample) => (
                  <bdi key={sample}>{sample}</bdi>
                ))}
              </td>
              <td>
                <select
                  aria-label={`What ${name} is`}
                  value={field}
                  data-mapped={field !== ''}
                  onChange={(event) =>
                    onDraft(withColumn(draft, index, fields.find((one) => one === event.currentTarget.value) ?? null))
                  }
                >
                  <option value="">Not used</option>
                  {fields.map((one) => (
                    <option key={one} value={one}>
                      {FIELD_LABELS[one]}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Columns that are most likely wanted, and are not used. */
function Overlooked({ opened, draft }: { readonly opened: Opened; readonly draft: Draft }) {
  const names = opened.reading.hasHeader ? opened.header : [];
  const found = overlookedIn(draft.kind, names, draft.columns);
  if (found.length === 0) return null;
  return (
    <div class="stack" role="status">
      {found.map(({ index, field }) => (
        <p class="fault" key={`${index} ${field}`}>
          The column <bdi>“{opened.header[index]}”</bdi> is not used. Is it “{FIELD_LABELS[field]}”?
        </p>
      ))}
    </div>
  );
}

function Kinds({
  opened,
  draft,
  onDraft,
}: {
  readonly opened: Opened;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
}) {
  return (
    <fieldset class="radio-chips">
      <legend>A row is one of your</legend>
      <div class="chips">
        {IMPORT_KINDS.map((kind) => (
          <label key={kind} class="chip">
            <input
              type="radio"
              name="kind"
              value={kind}
              checked={draft.kind === kind}
              onChange={() => onDraft(withKind(opened, draft, kind))}
            />
            {KIND_WORDS[kind]}
          </label>
        ))}
      </div>
      {draft.kind === 'orders' && (
        <p class="hint">
          Rows with the same order id become one order with several lines. An amount below zero is money given back.
        </p>
      )}
    </fieldset>
  );
}

/** The second step: what the columns are, with the rows and a dry run in sight. */
export function Mapping({ opened, sources, onReopened, onStart, onLeave }: MappingProps) {
  // A file read anew may have other columns.
  const suggested = useMemo(() => draftOf(opened), [opened]);
  const [chosen, setChosen] = useState<{ readonly of: Opened; readonly draft: Draft } | null>(null);
  const [isStarting, setStarting] = useState(false);
  const [hopeless, setHopeless] = useState<ImportPlan | null>(null);
  const draft = chosen?.of === opened ? chosen.draft : suggested;
  const onDraft = (next: Draft): void => setChosen({ of: opened, draft: next });
  const found = useMemo(() => findIn(opened, draft.columns), [opened, draft.columns]);
  const plan = useMemo(() => planOf(opened, draft, found), [opened, draft, found]);
  const isHopeless = hopeless === plan;
  const start = async (): Promise<void> => {
    setStarting(true);
    await onStart(opened, plan, draft.sourceId);
    setStarting(false);
  };
  return (
    <>
      <section class="card stack">
        <StepHeading>What the columns are</StepHeading>
        <p>
          <bdi>{opened.name}</bdi>, {count(opened.rows.length)} {opened.rows.length === 1 ? 'row' : 'rows'}
        </p>
        {opened.fault && (
          <p class="fault" role="alert">
            {opened.fault} Mend the file, or choose another encoding or separator.
          </p>
        )}
        <Reading opened={opened} onReopened={onReopened} />
        <Kinds opened={opened} draft={draft} onDraft={onDraft} />
        <Columns opened={opened} draft={draft} onDraft={onDraft} />
        <Overlooked opened={opened} draft={draft} />
        <Options
          draft={draft}
          found={found}
          sources={sources}
          fileName={opened.name}
          change={(change) => onDraft({ ...draft, ...change })}
        />
      </section>
      <DryRun opened={opened} plan={plan} sourceId={draft.sourceId} onHopeless={setHopeless} />
      <p class="row">
        <button
          type="button"
          disabled={
            isStarting ||
            isHopeless ||
            opened.fault !== null ||
            opened.rows.length === 0 ||
            Object.keys(plan.columns).length === 0
          }
          aria-describedby={isHopeless ? NOTHING_TO_IMPORT : undefined}
          onClick={() => void start()}
        >
          Import {count(opened.rows.length)} {opened.rows.length === 1 ? 'row' : 'rows'}
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          Choose another file
        </button>
      </p>
    </>
  );
}
