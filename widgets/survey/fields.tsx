import type { ComponentChildren, VNode } from 'preact';
import type { QuestionProps, QuestionView } from './question-view.ts';

/** "1" may be the beginning of "10": a second digit counts while the first is fresh. */
const SECOND_DIGIT_MS = 800;

type Scale = {
  /** Prefix of the catalogue's keys. */
  readonly kind: string;
  readonly min: number;
  readonly max: number;
  /** What an option shows instead of its number; the ends of a scale of faces need no words. */
  readonly face?: (score: number, text: QuestionProps['text']) => ComponentChildren;
};

/** What is wrong with an answer; a field names it in `aria-describedby`. */
export const Problem = ({ id, text }: { readonly id: string; readonly text: string }): VNode => (
  <p class="rp-error" id={id}>
    {text}
  </p>
);

/** The score that a digit asks for, after an earlier one that is still fresh; null when the scale has none such. */
export function scoreOfDigit(earlier: string, digit: string, min: number, max: number): number | null {
  if (!/^\d$/.test(digit)) return null;
  return [+(earlier + digit), +digit].find((score) => score >= min && score <= max) ?? null;
}

function digitKeys({ min, max }: Scale): (event: KeyboardEvent) => void {
  let earlier = '';
  let typedAt = 0;
  return (event) => {
    if (event.timeStamp - typedAt > SECOND_DIGIT_MS) earlier = '';
    const score = event.ctrlKey || event.metaKey || event.altKey ? null : scoreOfDigit(earlier, event.key, min, max);
    if (score === null) return;
    earlier = event.key;
    typedAt = event.timeStamp;
    const radio = (event.currentTarget as Element).querySelector<HTMLInputElement>(`[value="${score}"]`);
    radio?.focus();
    radio?.click();
  };
}

/** A question answered on a scale: native radio buttons, so that arrow keys and screen readers work by themselves. */
export function scaleView(scale: Scale): QuestionView {
  const { kind, min, max, face } = scale;
  const scores = Array.from({ length: max - min + 1 }, (_, index) => min + index);
  const onKeyDown = digitKeys(scale);
  return ({ id, name, value, onAnswer, text, legend, required, error }) => {
    const describe = (score: number) =>
      face ? undefined : score === min ? `${id}-low` : score === max ? `${id}-high` : undefined;
    const end = (side: string) => <span id={`${id}-${side}`}>{text(`${kind}.${side}`)}</span>;
    return (
      <fieldset class="rp-question" onKeyDown={onKeyDown} aria-describedby={error ? `${id}-error` : undefined}>
        <legend class="rp-legend">{legend}</legend>
        <div class="rp-scale">
          {scores.map((score) => (
            <label key={score}>
              <input
                type="radio"
                name={name}
                value={score}
                checked={value !== null && +value === score}
                required={required}
                aria-describedby={describe(score)}
                onChange={() => onAnswer?.(score)}
              />
              <span class="rp-option">{face ? face(score, text) : score}</span>
            </label>
          ))}
        </div>
        {!face && (
          <div class="rp-ends">
            {end('low')}
            {end('high')}
          </div>
        )}
        {error && <Problem id={`${id}-error`} text={error} />}
      </fieldset>
    );
  };
}
