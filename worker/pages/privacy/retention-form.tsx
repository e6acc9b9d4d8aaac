import { COUNTED, MIN_DAYS, type Retention, type RetentionRule } from '../../record/erasure/retention.ts';
import type { Due } from '../../record/erasure/retention-preview.ts';
import { Hint } from '../components/fields.tsx';
import { formatCount, formatDay, plural } from '../format.ts';
import { CONFIRMATION } from './erase-page.tsx';

/** What was typed for one rule, what is wrong with it, and whom it would take now. */
export type RuleForm = { readonly typed: string; readonly fault: string | null; readonly due: Due | null };
export type RetentionForm = Readonly<Record<RetentionRule, RuleForm>> & {
  /** What is confirmed before it is set; null while nothing is to be. */
  readonly confirm: { readonly seen: string; readonly fault: string | null } | null;
};

const ruleForm = (days: number | null): RuleForm => ({
  typed: days === null ? '' : String(days),
  fault: null,
  due: null,
});

export const formOfRetention = ({ visitors, inactive }: Retention): RetentionForm => ({
  visitors: ruleForm(visitors),
  inactive: ruleForm(inactive),
  confirm: null,
});

const LABELS: Readonly<Record<RetentionRule, string>> = {
  visitors: 'Erase anonymous visitors after … days',
  inactive: 'Erase people we have not heard from for … days',
};

const wouldGo = (due: number): string =>
  due >= COUNTED ? `More than ${formatCount(COUNTED)} records would go now.` : `${plural(due, 'record')} would go now.`;

/** Whom a rule would take: how many, who has been quiet for longest, and where all of them are listed. */
function Goers({ rule, days, due }: { readonly rule: RetentionRule; readonly days: string; readonly due: Due }) {
  const more = due.count - due.people.length;
  return (
    <div class="goers">
      <p role="status">{wouldGo(due.count)}</p>
      {due.people.length > 0 && (
        <ul class="arguments">
          {due.people.map(({ id, name, lastAt }) => (
            <li key={id}>
              <a href={`/customers/${id}`} dir="auto">
                {name ?? 'Somebody without a name'}
              </a>
              {lastAt !== null && `, last contact on ${formatDay(lastAt)}`}
            </li>
          ))}
          {more > 0 && <li>{due.count >= COUNTED ? 'and many more' : `and ${formatCount(more)} more`}</li>}
        </ul>
      )}
      {rule === 'inactive' && due.count > 0 && (
        <p>
          <a href={`/customers?${new URLSearchParams({ where: `last touchpoint before ${days} days` })}`}>
            See all of them in the list of customers
          </a>
        </p>
      )}
    </div>
  );
}

function Rule({ rule, form }: { readonly rule: RetentionRule; readonly form: RetentionForm }) {
  const { typed, fault, due } = form[rule];
  const label = LABELS[rule];
  const hint = `Empty keeps them. At least ${MIN_DAYS} days.`;
  return (
    <div class="field">
      <label for={rule}>{label}</label>
      <input
        id={rule}
        name={rule}
        inputmode="numeric"
        autocomplete="off"
        maxLength={6}
        value={typed}
        aria-invalid={fault ? 'true' : undefined}
        aria-describedby={`${rule}-${fault ? 'fault' : 'hint'}`}
      />
      <Hint name={rule} label={label} hint={hint} fault={fault} />
      {due !== null && <Goers rule={rule} days={typed} due={due} />}
    </div>
  );
}

/** The word that is typed to mean it, as for one person. */
function Confirm({ seen, fault }: NonNullable<RetentionForm['confirm']>) {
  return (
    <>
      <input type="hidden" name="seen" value={seen} />
      <div class="field">
        <label for="confirmation">Type “{CONFIRMATION}” to erase these records for good</label>
        <input
          id="confirmation"
          name="confirmation"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={fault ? 'true' : undefined}
          aria-describedby={fault ? 'confirmation-fault' : 'confirmation-hint'}
        />
        {fault ? (
          <p class="fault" id="confirmation-fault" role="alert">
            {fault}
          </p>
        ) : (
          <p class="hint" id="confirmation-hint" role="status">
            Nothing is saved yet. This cannot be undone.
          </p>
        )}
      </div>
      <div class="row">
        <button type="submit" name="act" value="save" class="danger">
          Erase them and save
        </button>
        <a href="/privacy">Change nothing</a>
      </div>
    </>
  );
}

/** How long people are kept, and whom a change would take before it is made. */
export function RetentionRules({ form }: { readonly form: RetentionForm }) {
  return (
    <form method="post" action="/privacy/retention" class="card log" aria-labelledby="retention">
      <h2 id="retention">How long people are kept</h2>
      <p class="hint">
        Who goes is erased as by hand: the figures stay, the names go, and it cannot be undone. Before anybody goes you
        see who it would be.
      </p>
      <Rule rule="visitors" form={form} />
      <Rule rule="inactive" form={form} />
      {form.confirm ? (
        <Confirm {...form.confirm} />
      ) : (
        <div class="row">
          <button type="submit" name="act" value="try" class="quiet">
            See who would go
          </button>
          <button type="submit" name="act" value="save">
            Save
          </button>
        </div>
      )}
    </form>
  );
}
