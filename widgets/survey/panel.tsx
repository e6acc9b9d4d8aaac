import { Component } from 'preact';
import type { Question, RawAnswer, Survey } from '../../schema/survey.ts';
import type { Text } from '../locales/text.ts';
import { type Draft, isGiven } from './draft.ts';
import type { Outcome } from './outbox.ts';
import type { QuestionView } from './question-view.ts';

export type PanelProps = {
  readonly survey: Survey;
  readonly views: Readonly<Record<string, QuestionView>>;
  readonly text: Text;
  /** The question's wording in the visitor's language. */
  legendOf(question: Question): string;
  /** The response so far, begun anew when there is none. */
  loadDraft(): Draft;
  onAnswer(draft: Draft): void;
  onComplete(draft: Draft): void;
  onClose(isComplete: boolean): void;
};

type State = {
  readonly isOpen: boolean;
  readonly isDone: boolean;
  readonly error: string | null;
  readonly outcome: Outcome;
  readonly draft: Draft;
};

const EMPTY: Draft = { id: '', step: 0, answers: {} };
const THANKS: Readonly<Record<Outcome, string>> = { sent: 'thanks.text', waiting: 'later', refused: 'error' };

/** The survey in its corner: one question at a time, in a dialog that leaves the page in reach. */
export class Panel extends Component<PanelProps, State> {
  override state: State = { isOpen: false, isDone: false, error: null, outcome: 'sent', draft: EMPTY };
  #dialog: HTMLElement | null = null;

  open(isByVisitor: boolean): void {
    if (this.state.isOpen) return;
    const state = { isOpen: true, isDone: false, error: null, draft: this.props.loadDraft() };
    this.setState(state, isByVisitor ? this.#focus : undefined);
  }

  close = (): void => {
    const { isOpen, isDone } = this.state;
    if (!isOpen) return;
    this.setState({ isOpen: false }, () => this.props.onClose(isDone));
  };

  /** To the answer given, else to the first field, else to the button of a screen without fields. */
  #focus = (): void => {
    for (const target of [':checked', 'input,textarea', '.rp-main']) {
      const element = this.#dialog?.querySelector<HTMLElement>(target);
      if (!element) continue;
      element.focus();
      return;
    }
  };

  #move(step: number): void {
    const draft = { ...this.state.draft, step };
    this.setState({ draft, error: null }, this.#focus);
  }

  #answer = (value: RawAnswer['value']): void => {
    const { draft } = this.state;
    const question = this.props.survey.questions[draft.step];
    if (!question) return;
    const answered = { ...draft, answers: { ...draft.answers, [question.id]: value } };
    this.setState({ draft: answered, error: null });
    this.props.onAnswer(answered);
  };

  #next = (event: Event): void => {
    event.preventDefault();
    const { survey, text, onComplete } = this.props;
    const { draft } = this.state;
    const question = survey.questions[draft.step];
    if (question?.required && !isGiven(draft.answers[question.id])) {
      this.setState({ error: text('required') }, this.#focus);
    } else if (draft.step < survey.questions.length - 1) {
      this.#move(draft.step + 1);
    } else {
      this.setState({ isDone: true, outcome: 'sent' }, this.#focus);
      onComplete(draft);
    }
  };

  #onKeyDown = (event: KeyboardEvent): void => {
    // The page's shortcuts must not hear what is typed here; from outside it does not look like a text field.
    event.stopPropagation();
    if (event.key === 'Escape') this.close();
  };

  #thanks() {
    const { text } = this.props;
    return (
      <div class="rp-thanks">
        <h2 id="rp-title">{text('thanks')}</h2>
        <p>{text(THANKS[this.state.outcome])}</p>
        <div class="rp-actions">
          <button type="button" class="rp-main" onClick={this.close}>
            {text('close')}
          </button>
        </div>
      </div>
    );
  }

  #question(question: Question, position: string) {
    const { survey, views, text, legendOf } = this.props;
    const { draft, error } = this.state;
    const { step, answers } = draft;
    const total = survey.questions.length;
    const View = views[question.kind];
    return (
      <form noValidate onSubmit={this.#next}>
        <h2 id="rp-title">{text('title')}</h2>
        {total > 1 && <progress max={total} value={step + 1} aria-label={position} />}
        {View && (
          <View
            key={question.id}
            id={`rp-${question.id}`}
            name={question.id}
            value={answers[question.id] ?? null}
            onAnswer={this.#answer}
            text={text}
            legend={`${legendOf(question)} ${question.required ? '' : text('optional')}`}
            required={question.required}
            error={error}
          />
        )}
        <div class="rp-actions">
          <button type="submit" class="rp-main">
            {text(step < total - 1 ? 'next' : 'send')}
          </button>
          {step > 0 && (
            <button type="button" onClick={() => this.#move(step - 1)}>
              {text('back')}
            </button>
          )}
        </div>
      </form>
    );
  }

  override render({ survey, text }: PanelProps, { isOpen, isDone, error, outcome, draft }: State) {
    const total = survey.questions.length;
    const question = survey.questions[draft.step];
    const position = text('progress', { n: draft.step + 1, total });
    const news = isDone ? `${text('thanks')} ${text(THANKS[outcome])}` : (error ?? (total > 1 ? position : ''));
    return (
      <>
        <p class="rp-hidden" role="status">
          {isOpen && news}
        </p>
        {isOpen && (
          <div
            class="rp-panel"
            role="dialog"
            aria-labelledby="rp-title"
            onKeyDown={this.#onKeyDown}
            ref={(element) => {
              this.#dialog = element;
            }}
          >
            {isDone || !question ? this.#thanks() : this.#question(question, position)}
            <button type="button" class="rp-close" aria-label={text('close')} onClick={this.close}>
              ×
            </button>
          </div>
        )}
      </>
    );
  }
}
