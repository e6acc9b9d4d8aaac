import type { ComponentChildren } from 'preact';
import type { QuestionProps, QuestionView } from './question-view.ts';

/** "1" may be the beginning of "10": a second digit counts while the first is fresh. */
const SECOND_DIGIT_MS = 800;

type Scale = {
  /** Prefix of the catalogue's keys. */
  readonly kind: string;
  readonly min: number;
  readonly max: number;
  /** What an option shows instead of its number. */
  readonly face?: (score: number, text: QuestionProps['text']) => ComponentChildren;
};

/** The score that a digit asks for, after an earlier one that is still fresh; null when the scale has none such. */
export function scoreOfDigit(earlier: string, digit: string, min: number, max: number): number | null {
  const fits = [Number(earlier + digit), Number(digit)].filter((score) => score >= min && score <= max);
  return /^\d$/.test(digit) ? (fits[0] ?? null) : null;
}

function digitKeys({ min, max }: Scale): (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => void {
  let earlier = '';
  let typedAt = 0;
  return (event) => {
    if (event.timeStamp - typedAt > SECOND_DIGIT_MS) earlier = '';
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const score = scoreOfDigit(earlier, event.key, min, max);
    if (score === null) return;
    earlier = event.key;
    typedAt = event.timeStamp;
    const radio = event.currentTarget.querySelector<HTMLInputElement>(`[value="${score}"]`);
    radio?.focus();
    radio?.click();
  };
}

/** A question answered on a scale: native radio buttons, so that arrow keys and screen readers work by themselves. */
export function scaleView(scale: Scale): QuestionView {
  const { kind, min, max, face } = scale;
  const onKeyDown = digitKeys(scale);
  const scores = Array.from({ length: max - min + 1 }, (_, index) => min + index);
  return ({ id, name, value, onAnswer, text, legend, required, error }) => (
    <fieldset class="rp-question" onKeyDown={onKeyDown} aria-describedby={error ? `${id}-error` : undefined}>
      <legend>{legend}</legend>
      <div class="rp-scale">
        {scores.map((score) => (
          <label key={score}>
            <input
              type="radio"
              name={name}
              value={score}
              checked={String(value) === String(score)}
              required={required}
              aria-describedby={
                face ? undefined : score === min ? `${id}-low` : score === max ? `${id}-high` : undefined
              }
              onChange={() => onAnswer?.(score)}
            />
            <span>{face ? face(score, text) : score}</span>
          </label>
        ))}
      </div>
      {!face && (
        <div class="rp-ends">
          <span id={`${id}-low`}>{text(`${kind}.low`)}</span>
          <span id={`${id}-high`}>{text(`${kind}.high`)}</span>
        </div>
      )}
      {error && (
        <p class="rp-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
