import type { CustomField } from '../../../schema/custom-field.ts';
import { type Field, GROUPS } from '../../record/segments/field.ts';
import { fields } from '../../record/segments/fields.ts';
import { exampleOf } from '../../record/segments/own-fields.ts';

const KINDS = { text: 'A text', number: 'A number', date: 'A day', choice: 'One of', yes_no: 'Yes or no' } as const;

/** A field of the business's own as the list tells of it. */
const lineOf = (field: CustomField): Line => ({
  title: field.label,
  help: field.kind === 'choice' ? `${KINDS.choice}: ${field.choices.join(', ')}.` : `${KINDS[field.kind]}.`,
  example: exampleOf(field),
});

type Line = Pick<Field, 'title' | 'help' | 'example'>;

function FieldLine({ field }: { readonly field: Line }) {
  const { title, help, example } = field;
  return (
    <div>
      <dt dir="auto">{title}</dt>
      <dd>
        {help}
        <span class="rule-example">
          <code dir="ltr">{example}</code>
          <button type="button" class="small" data-insert={example} hidden>
            Add<span class="visually-hidden">: {example}</span>
          </button>
        </span>
      </dd>
    </div>
  );
}

/** All that a rule can ask, with an example of each. */
export function FieldsList({ own }: { readonly own: readonly CustomField[] }) {
  return (
    <section class="card" aria-labelledby="fields">
      <h2 id="fields">What a rule can ask</h2>
      <p class="hint">
        Join with <code>and</code>, <code>or</code>, <code>not</code> and parentheses. Compare numbers with{' '}
        <code>= != &lt; &lt;= &gt; &gt;=</code>, texts with <code>=</code>, <code>contains</code>,{' '}
        <code>starts with</code>, <code>ends with</code> and <code>in ("a", "b")</code>, times with{' '}
        <code>before 90 days</code>, <code>within 30 days</code>, <code>since 2026-03-01</code>. Any of them can be{' '}
        <code>known</code> or <code>unknown</code>; “not” takes in those of whom it is not known.
      </p>
      {own.length > 0 && (
        <details class="more rule-fields" open>
          <summary>Your own fields</summary>
          <dl class="facts">
            {own.map((field) => (
              <FieldLine key={field.key} field={lineOf(field)} />
            ))}
          </dl>
        </details>
      )}
      {GROUPS.map((group) => (
        <details key={group} class="more rule-fields" open={group === 'Contact' || group === 'Orders'}>
          <summary>{group}</summary>
          <dl class="facts">
            {fields
              .filter((field) => field.group === group)
              .map((field) => (
                <FieldLine key={field.name} field={field} />
              ))}
          </dl>
        </details>
      ))}
    </section>
  );
}
