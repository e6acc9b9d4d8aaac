import { type Field, GROUPS } from '../../record/segments/field.ts';
import { fields } from '../../record/segments/fields.ts';

function FieldLine({ field }: { readonly field: Field }) {
  const { title, help, example } = field;
  return (
    <div>
      <dt>{title}</dt>
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
export function FieldsList() {
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
