import type { Question, Survey } from '../../schema/survey.ts';
import type { Text } from '../locales/text.ts';
import { type Draft, isGiven } from './draft.ts';
import { Problem } from './fields.tsx';
import { elementOf } from './jsx.ts';
import type { Outcome } from './outbox.ts';
import type { QuestionView } from './question-view.ts';

export type PanelProps = {
  readonly survey: Survey;
  readonly views: Readonly<Record<string, QuestionView | undefined>>;
  readonly text: Text;
  /** The question's wording in the visitor's language. */
  legendOf(question: Question): string;
  /** The response so far, begun anew when there is none. */
  loadDraft(): Draft;
  /** The visitor gave an answer or went to another step. */
  onDraft(draft: Draft): void;
  /** The visitor left a question with an answer. */
  onAnswer(question: Question): void;
  onComplete(draft: Draft): void;
  onClose(isComplete: boolean): void;
};

export type Panel = {
  /** Answers whether it was closed. The focus moves in only when the visitor asked for the survey. */
  open(isByVisitor: boolean): boolean;
  close(): void;
  /** Takes the panel away without a word. */
  remove(): void;
  /** What became of the answers that were sent. */
  tell(outcome: Outcome): void;
};

/** To the answer given, else to the first field, else to the button of a screen without fields. */
function focusIn(dialog: HTMLElement): void {
  for (const target of [':checked', 'input,textarea', 'button']) {
    const element = dialog.querySelector<HTMLElement>(target);
    element?.focus();
    if (element) break;
  }
}

/** The survey in its corner of `place`: one question at a time, in a dialog that leaves the page in reach. */
export function createPanel(place: HTMLElement, props: PanelProps): Panel {
  const { survey, views, text, legendOf } = props;
  const { questions } = survey;
  const total = questions.length;
  let draft: Draft;
  let error: string | null = null;
  let isDone = false;
  let outcome: Outcome = 'sent';

  // Empty from the start: a live region that comes together with its words is not read out.
  const status = elementOf(<p class="rp-hidden" role="status" />);
  const screen = elementOf(<div />);
  const dialog = elementOf(
    <div class="rp-panel" role="dialog" aria-labelledby="rp-title" onKeyDown={onKeyDown}>
      {screen as never}
      <button type="button" class="rp-plain rp-close" aria-label={text('close')} onClick={close}>
        ×
      </button>
    </div>,
  );
  place.append(status);

  function onKeyDown(event: KeyboardEvent): void {
    // The page's shortcuts must not hear what is typed here; from outside it does not look like a text field.
    event.stopPropagation();
    if (event.key === 'Escape') close();
  }

  function close(): void {
    if (!dialog.isConnected) return;
    dialog.remove();
    props.onClose(isDone);
  }

  function answer(question: Question, value: string | number): void {
    draft = { ...draft, answers: { ...draft.answers, [question.id]: value } };
    error = null;
    dialog.querySelector('.rp-error')?.remove();
    props.onDraft(draft);
  }

  function move(step: number): void {
    draft = { ...draft, step };
    error = null;
    if (Object.keys(draft.answers).length > 0) props.onDraft(draft);
    draw(true);
  }

  function next(event: Event): void {
    event.preventDefault();
    const question = questions[draft.step];
    if (!question) return;
    const isAnswered = isGiven(draft.answers[question.id]);
    if (isAnswered) props.onAnswer(question);
    if (question.required && !isAnswered) {
      error = text('required');
      draw(true);
    } else if (draft.step < total - 1) {
      move(draft.step + 1);
    } else {
      isDone = true;
      outcome = 'sent';
      draw(true);
      props.onComplete(draft);
    }
  }

  function thanks() {
    const words = text(`outcome.${outcome}`);
    status.textContent = `${text('thanks')} ${words}`;
    return (
      <div class="rp-thanks">
        <h2 id="rp-title">{text('thanks')}</h2>
        {outcome === 'refused' ? <Problem id="rp-refused" text={words} /> : <p>{words}</p>}
        <button type="button" onClick={close}>
          {text('close')}
        </button>
      </div>
    );
  }

  function ask(question: Question) {
    const { step, answers } = draft;
    const { id, kind, required } = question;
    const position = total > 1 ? ` · ${text('progress', { n: step + 1, total })}` : '';
    const title = text('title') + position;
    const legend = `${legendOf(question)} ${required ? '' : text('optional')}`.trim();
    const View = views[kind];
    status.textContent = error ?? title;
    return (
      <form noValidate onSubmit={next}>
        <h2 id="rp-title">{title}</h2>
        {total > 1 && <progress max={total} value={step + 1} aria-labelledby="rp-title" />}
        {View && (
          <View
            id={`rp-${id}`}
            name={id}
            value={answers[id] ?? null}
            onAnswer={(value) => answer(question, value)}
            text={text}
            legend={legend}
            required={required}
            error={error}
          />
        )}
        <div class="rp-actions">
          <button type="submit">{text(step < total - 1 ? 'next' : 'send')}</button>
          {step > 0 && (
            <button type="button" class="rp-plain" onClick={() => move(step - 1)}>
              {text('back')}
            </button>
          )}
        </div>
      </form>
    );
  }

  function draw(isFocusMoving: boolean): void {
    const question = questions[draft.step];
    screen.replaceChildren(elementOf(isDone || !question ? thanks() : ask(question)));
    if (isFocusMoving) focusIn(dialog);
  }

  return {
    open(isByVisitor) {
      if (dialog.isConnected) return false;
      draft = props.loadDraft();
      error = null;
      isDone = false;
      place.append(dialog);
      draw(isByVisitor);
      return true;
    },
    close,
    remove: () => dialog.remove(),
    tell(news) {
      outcome = news;
      if (isDone && dialog.isConnected) draw(dialog.matches(':focus-within'));
    },
  };
}
