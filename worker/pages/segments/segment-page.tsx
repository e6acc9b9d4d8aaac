import type { CustomField } from '../../../schema/custom-field.ts';
import type { Runtime } from '../../platform/env.ts';
import { listFields } from '../../record/custom-fields.ts';
import { listCustomers } from '../../record/customers.ts';
import { countPopulation } from '../../record/segments/count.ts';
import {
  checkRule,
  MAX_NAME,
  type Segment,
  type SegmentDraft,
  type SegmentFaults,
} from '../../record/segments/segments.ts';
import { formatMoment } from '../format.ts';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { FieldsList } from './fields-list.tsx';
import { type Preview, PreviewCard, RuleFault } from './preview.tsx';

/** Members shown beside a rule. */
const SAMPLE = 5;

export type SegmentRequest = {
  /** Null for a new one. */
  readonly segment: Segment | null;
  readonly segments: readonly Segment[];
  readonly draft: SegmentDraft;
  /** What is wrong with it, where somebody wanted to save it. */
  readonly faults?: SegmentFaults;
  /** Segments that refer to it, where somebody wanted to delete it. */
  readonly referrers?: readonly string[];
  readonly notice?: StaffPageProps['notice'];
};

/** What the rule of the draft comes to, or what is wrong with it; neither for an empty one. */
async function previewOf(
  { db, clock }: Runtime,
  { draft, segments, segment }: SegmentRequest,
  fields: readonly CustomField[],
): Promise<{ readonly preview: Preview | null; readonly faults: SegmentFaults }> {
  if (draft.rule.trim() === '') return { preview: null, faults: {} };
  const others = segments.filter(({ id }) => id !== segment?.id);
  const checked = checkRule(draft.rule, others, segment?.name ?? (draft.name || null), fields);
  if (!checked.ok) return { preview: null, faults: checked.errors[0] ? { rule: checked.errors[0] } : {} };
  const among = { rule: checked.expanded, now: clock.now() };
  const [count, page] = await Promise.all([countPopulation(db, among), listCustomers(db, { among, limit: SAMPLE })]);
  const path =
    segment?.rule === draft.rule
      ? `/customers?segment=${segment.id}`
      : `/customers?where=${encodeURIComponent(draft.rule)}`;
  return { preview: { count, sample: page?.items ?? [], path }, faults: {} };
}

function NameField({ draft, faults }: { readonly draft: SegmentDraft; readonly faults: SegmentFaults }) {
  return (
    <div class="field">
      <label for="name">Name</label>
      <input
        id="name"
        name="name"
        maxLength={MAX_NAME}
        value={draft.name}
        dir="auto"
        autocomplete="off"
        aria-invalid={faults.name ? 'true' : undefined}
        aria-describedby={faults.name ? 'name-fault' : undefined}
      />
      {faults.name && (
        <p class="fault" id="name-fault" role="alert">
          {faults.name}
        </p>
      )}
    </div>
  );
}

function RuleField({ draft, faults }: { readonly draft: SegmentDraft; readonly faults: SegmentFaults }) {
  return (
    <div class="field">
      <label for="rule">Rule</label>
      <textarea
        id="rule"
        name="rule"
        rows={4}
        class="mono"
        dir="ltr"
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        maxLength={2000}
        data-rule
        aria-invalid={faults.rule ? 'true' : undefined}
        aria-describedby="rule-hint rule-fault"
      >
        {draft.rule}
      </textarea>
      <p class="hint" id="rule-hint">
        For example: orders &gt; 2 and nps &lt;= 6 and last touchpoint before 90 days
      </p>
      <div id="rule-fault" role="status" data-live="fault">
        {faults.rule && <RuleFault rule={draft.rule} fault={faults.rule} />}
      </div>
    </div>
  );
}

function WatchField({
  draft,
  faults,
  segment,
}: Pick<SegmentRequest, 'draft' | 'segment'> & { readonly faults: SegmentFaults }) {
  const since = segment?.watchedAt ?? null;
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" name="watched" value="1" checked={draft.isWatched} aria-describedby="watched-hint" />
        Ask for attention when somebody enters
      </label>
      <p class="hint" id="watched-hint">
        You are told the first time somebody comes to fit it.
        {since !== null && ` Watched since ${formatMoment(since)}.`}
      </p>
      {faults.isWatched && (
        <p class="fault" role="alert">
          {faults.isWatched}
        </p>
      )}
    </div>
  );
}

function DeleteForm({ segment, referrers }: { readonly segment: Segment; readonly referrers: readonly string[] }) {
  return (
    <form method="post" action={`/segments/${segment.id}/delete`} class="card stack">
      <h2>Delete this segment</h2>
      {referrers.length > 0 ? (
        <p class="fault" role="alert">
          It cannot go while others refer to it: {referrers.join(', ')}.
        </p>
      ) : (
        <p class="hint">The rule goes, nobody’s record does.</p>
      )}
      <button type="submit" class="quiet">
        Delete it
      </button>
    </form>
  );
}

/** `GET /segments/new`, `GET /segments/:id`: a rule, what it comes to, and what can be asked. */
export async function segmentPage(runtime: Runtime, request: SegmentRequest) {
  const { segment, draft, notice = null } = request;
  const fields = await listFields(runtime.db);
  const found = await previewOf(runtime, request, fields);
  const faults = { ...found.faults, ...request.faults };
  const title = segment?.name ?? 'New segment';
  return (
    <StaffPage title={title} section="segments" islands={['segment']} notice={notice}>
      <header class="page-head">
        <h1 dir="auto">{title}</h1>
        <p>
          <a href="/segments">All segments</a>
        </p>
      </header>
      <div class="columns segment-columns">
        <div class="columns-main">
          <form
            method="post"
            action={segment ? `/segments/${segment.id}` : '/segments'}
            class="card stack"
            data-segment
          >
            <NameField draft={draft} faults={faults} />
            <RuleField draft={draft} faults={faults} />
            <WatchField draft={draft} faults={faults} segment={segment} />
            <p class="row">
              <button type="submit">Save</button>
              <button type="submit" name="act" value="count" class="quiet">
                Count
              </button>
            </p>
          </form>
        </div>
        <div class="columns-side stack">
          <PreviewCard preview={found.preview} now={runtime.clock.now()} />
          {segment && <DeleteForm segment={segment} referrers={request.referrers ?? []} />}
        </div>
        <div class="columns-main segment-help">
          <FieldsList own={fields.filter(({ isArchived }) => !isArchived)} />
        </div>
      </div>
    </StaffPage>
  );
}
