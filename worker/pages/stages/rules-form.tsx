import { RULED, type Ruled, type RuleFaults, type RuleTexts, stageFields } from '../../record/stages/rules.ts';
import { LabelledField, TextField, told } from '../log/contact-fields.tsx';
import { STAGE_WORDS } from '../stage-words.ts';

export const MAX_NOTE = 200;

/** What was typed and what is wrong with it. */
export type RulesForm = {
  readonly texts: RuleTexts;
  readonly note: string;
  readonly isForPast: boolean;
  readonly faults: RuleFaults;
};

function Condition({ stage, form }: { readonly stage: Ruled; readonly form: RulesForm }) {
  const id = `rule-${stage}`;
  const fault = form.faults[stage];
  const { title, meaning } = STAGE_WORDS[stage];
  return (
    <LabelledField id={id} label={`${title}, if`} hint={meaning} fault={fault}>
      <textarea
        id={id}
        name={stage}
        rows={Math.max(2, Math.ceil(form.texts[stage].length / 70))}
        class="rule"
        spellcheck={false}
        autocomplete="off"
        maxLength={2000}
        {...told(id, fault, meaning)}
      >
        {form.texts[stage]}
      </textarea>
    </LabelledField>
  );
}

function Fields() {
  return (
    <details class="more">
      <summary>What a rule can ask</summary>
      <dl class="facts">
        {stageFields().map(({ name, example, help }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              {help} <code>{example}</code>
            </dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        Join them with “and”, “or”, “not” and parentheses. Only what touchpoints tell can be asked, so that the stage of
        any past day can be worked out.
      </p>
    </details>
  );
}

/** The conditions as they are asked, with a look at what they would do before anything is saved. */
export function RulesEditor({ form }: { readonly form: RulesForm }) {
  return (
    <form method="post" action="/stages#shown" class="card stack" aria-labelledby="rules">
      <h2 id="rules">Rules</h2>
      <p class="hint">
        Asked from top to bottom: the first that holds is the stage. Whoever fits none is in awareness.
      </p>
      {RULED.map((stage) => (
        <Condition key={stage} stage={stage} form={form} />
      ))}
      <Fields />
      <TextField
        id="note"
        name="note"
        label="Why this change"
        hint="Stands in the list of versions."
        value={form.note}
        maxLength={MAX_NOTE}
      />
      <div class="field">
        <label class="check">
          <input type="checkbox" name="past" value="1" checked={form.isForPast} aria-describedby="past-hint" />
          Judge the past by these rules as well
        </label>
        <p class="hint" id="past-hint">
          Without it, what was before today stays as the rules of its time judged it.
        </p>
      </div>
      <p class="row">
        <button type="submit" name="do" value="preview">
          See who would move
        </button>
        <button type="submit" name="do" value="save" class="quiet">
          Save as a new version
        </button>
      </p>
    </form>
  );
}
