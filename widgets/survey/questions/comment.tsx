import { Problem } from '../fields.tsx';
import type { QuestionView } from '../question-view.ts';

/** Free text. The words may be in any language, whatever the page's, so they choose their own direction. */
const comment: QuestionView = ({ id, name, value, onAnswer, legend, required, error }) => (
  <div class="rp-question">
    <label class="rp-legend" for={id}>
      {legend}
    </label>
    <textarea
      id={id}
      name={name}
      rows={4}
      maxLength={5000}
      dir="auto"
      required={required}
      aria-describedby={error ? `${id}-error` : undefined}
      value={value ?? ''}
      onInput={(event) => onAnswer?.(event.currentTarget.value)}
    />
    {error && <Problem id={`${id}-error`} text={error} />}
  </div>
);

export default comment;
