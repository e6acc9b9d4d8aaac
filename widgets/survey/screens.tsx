import type { VNode } from 'preact';
import type { Question } from '../../schema/survey.ts';
import type { Text } from '../locales/text.ts';
import { Problem } from './fields.tsx';
import type { Outcome } from './outbox.ts';
import type { QuestionProps, QuestionView } from './question-view.ts';

/** The page's shortcuts must not hear what is typed here; from outside it does not look like a text field. */
const keepIn = (event: Event) => event.stopPropagation();

/** The dialog around the screens. Keys pressed in it and its close button are told to the panel. */
export const Dialog = (props: { text: Text; onKeyDown(event: KeyboardEvent): void; onClose(): void }): VNode => (
  <div
    class="rp-panel"
    role="dialog"
    aria-labelledby="rp-title"
    onKeyDown={props.onKeyDown}
    onKeyUp={keepIn}
    onKeyPress={keepIn}
  >
    <div />
    <button type="button" class="rp-plain rp-close" aria-label={props.text('close')} onClick={props.onClose}>
      ×
    </button>
  </div>
);

type StepProps = Pick<QuestionProps, 'value' | 'error' | 'legend' | 'text'> & {
  readonly title: string;
  readonly question: Question;
  readonly view: QuestionView | undefined;
  readonly step: number;
  readonly total: number;
  onAnswer(value: string | number): void;
  onNext(event: Event): void;
  onBack(): void;
};

/** One question, with the way on and back. */
export function Step({ title, question, view: View, step, total, onNext, onBack, ...rest }: StepProps): VNode {
  const { text } = rest;
  const { id, required } = question;
  return (
    <form noValidate onSubmit={onNext}>
      <h2 id="rp-title">{title}</h2>
      {total > 1 && <progress max={total} value={step + 1} aria-labelledby="rp-title" />}
      {View && <View id={`rp-${id}`} name={id} required={required} {...rest} />}
      <div class="rp-actions">
        <button type="submit">{text(step < total - 1 ? 'next' : 'send')}</button>
        {step > 0 && (
          <button type="button" class="rp-plain" onClick={onBack}>
            {text('back')}
          </button>
        )}
      </div>
    </form>
  );
}

/** The end, with what became of the answers. */
export function Thanks({ text, outcome, onClose }: { text: Text; outcome: Outcome; onClose(): void }): VNode {
  const words = text(`outcome.${outcome}`);
  return (
    <div class="rp-thanks">
      <h2 id="rp-title">{text('thanks')}</h2>
      {outcome === 'refused' ? <Problem id="rp-refused" text={words} /> : <p>{words}</p>}
      <button type="button" onClick={onClose}>
        {text('close')}
      </button>
    </div>
  );
}

/** The live region: there from the start, empty. */
export const Status = (): VNode => <p class="rp-hidden" role="status" />;
